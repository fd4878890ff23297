/** Failures inside a running job, at moments that no signal could hit. */
@NullMarked
package io.winnow.faults.harm;

import org.jspecify.annotations.NullMarked;
