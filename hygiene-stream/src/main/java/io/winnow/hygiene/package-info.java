/** The Flink job that judges every record of a stream. Start reading at {@link io.winnow.hygiene.HygieneTopology}. */
@NullMarked
package io.winnow.hygiene;

import org.jspecify.annotations.NullMarked;
