/** The operator that merges what was accepted and makes the next profile. */
@NullMarked
package io.winnow.hygiene.learn;

import org.jspecify.annotations.NullMarked;
