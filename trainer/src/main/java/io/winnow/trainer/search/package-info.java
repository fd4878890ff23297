/** Looking for better hyperparameters: where to try, how long, when to stop, and whether the winner is really better. */
@NullMarked
package io.winnow.trainer.search;

import org.jspecify.annotations.NullMarked;
