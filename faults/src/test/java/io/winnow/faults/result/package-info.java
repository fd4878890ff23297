/** The record of the runs. */
@NullMarked
package io.winnow.faults.result;

import org.jspecify.annotations.NullMarked;
