/** Retained checkpoints on disk. */
@NullMarked
package io.winnow.hygiene.checkpoint;

import org.jspecify.annotations.NullMarked;
