/** The rows that a model is trained and judged on: which they are, in what order, and what came before each. */
@NullMarked
package io.winnow.trainer.window;

import org.jspecify.annotations.NullMarked;
