/** Published models on disk: written whole or not at all, verified whenever they are read. */
@NullMarked
package io.winnow.trainer.store;

import org.jspecify.annotations.NullMarked;
