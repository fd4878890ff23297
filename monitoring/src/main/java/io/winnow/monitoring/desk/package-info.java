/** The review desk as one thing to start and stop: Kafka Streams, the decision producer and the HTTP side together. */
@NullMarked
package io.winnow.monitoring.desk;

import org.jspecify.annotations.NullMarked;
