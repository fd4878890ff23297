/** What a review case is, and its legal transitions: plain data and pure functions, no Kafka, no HTTP. */
@NullMarked
package io.winnow.monitoring.cases;

import org.jspecify.annotations.NullMarked;
