/** What is harmed: brokers, Flink, processes, and one run among them. */
@NullMarked
package io.winnow.faults.world;

import org.jspecify.annotations.NullMarked;
