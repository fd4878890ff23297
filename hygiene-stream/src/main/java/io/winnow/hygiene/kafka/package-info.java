/** The job's ends on Kafka. */
@NullMarked
package io.winnow.hygiene.kafka;

import org.jspecify.annotations.NullMarked;
