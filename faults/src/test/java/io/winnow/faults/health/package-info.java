/** What processes hold over a long run, and whether that grows. */
@NullMarked
package io.winnow.faults.health;

import org.jspecify.annotations.NullMarked;
