/** Winnow as real processes on one machine: what they are, how each is started, watched and stopped. */
@NullMarked
package io.winnow.app.cluster;

import org.jspecify.annotations.NullMarked;
