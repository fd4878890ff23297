/** The embedded Flink cluster: the hygiene jobs of this process, its checkpoints and its metrics. */
@NullMarked
package io.winnow.app.flink;

import org.jspecify.annotations.NullMarked;
