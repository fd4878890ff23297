/** Hygiene and retraining over history: what the service would have done, row by row. */
@NullMarked
package io.winnow.app.backtest;

import org.jspecify.annotations.NullMarked;
