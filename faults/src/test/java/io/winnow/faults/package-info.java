/** The fault suite: runs what is asked for and writes down what came of it. */
@NullMarked
package io.winnow.faults;

import org.jspecify.annotations.NullMarked;
