/** What a training looked like, as pictures for people. */
@NullMarked
package io.winnow.trainer.pictures;

import org.jspecify.annotations.NullMarked;
