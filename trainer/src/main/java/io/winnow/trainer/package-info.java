/** The trainer: reads clean rows, retrains, and publishes only what is better. */
@NullMarked
package io.winnow.trainer;

import org.jspecify.annotations.NullMarked;
