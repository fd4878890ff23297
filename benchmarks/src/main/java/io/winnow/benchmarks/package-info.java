/** JMH benchmarks of the hygiene of one row, next to peers. Never shipped. */
@NullMarked
package io.winnow.benchmarks;

import org.jspecify.annotations.NullMarked;
