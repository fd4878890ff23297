/** Models as they run: each row is answered before it is learned, by the champion and by what costs nothing. */
@NullMarked
package io.winnow.trainer.live;

import org.jspecify.annotations.NullMarked;
