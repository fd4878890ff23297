/** Who may run a stream's job: one at a time. */
@NullMarked
package io.winnow.hygiene.lease;

import org.jspecify.annotations.NullMarked;
