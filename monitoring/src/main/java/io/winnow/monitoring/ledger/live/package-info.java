/** The ledger as a running thing: a Kafka Streams application, its metrics and its page. */
@NullMarked
package io.winnow.monitoring.ledger.live;

import org.jspecify.annotations.NullMarked;
