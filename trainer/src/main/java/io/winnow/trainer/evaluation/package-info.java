/** Whether a model is worth publishing: measured on rows it never saw, against what costs nothing. */
@NullMarked
package io.winnow.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
