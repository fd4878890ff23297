/** What is done on purpose, kind by kind. */
@NullMarked
package io.winnow.faults.kinds;

import org.jspecify.annotations.NullMarked;
