/** What the hygiene would have done on history: one pass over a file, no Kafka. */
@NullMarked
package io.winnow.core.backtest;

import org.jspecify.annotations.NullMarked;
