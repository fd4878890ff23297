/** The demo: a simulated electricity grid, faults of known truth, and the table at the end. */
@NullMarked
package io.winnow.app.demo;

import org.jspecify.annotations.NullMarked;
