/** What a model must beat: the last value, a constant, a linear model, a forest. */
@NullMarked
package io.winnow.trainer.baseline;

import org.jspecify.annotations.NullMarked;
