/** A stream's models as its topics tell: their cards, and the events that say who is champion. */
@NullMarked
package io.winnow.trainer.registry;

import org.jspecify.annotations.NullMarked;
