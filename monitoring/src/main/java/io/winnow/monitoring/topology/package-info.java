/** The review desk's Kafka Streams topology: its sources, its one processor, its stores and how they are read. */
@NullMarked
package io.winnow.monitoring.topology;

import org.jspecify.annotations.NullMarked;
