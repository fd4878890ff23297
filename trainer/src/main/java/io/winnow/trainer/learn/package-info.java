/** Learning a model's weights with PyTorch through DJL. */
@NullMarked
package io.winnow.trainer.learn;

import org.jspecify.annotations.NullMarked;
