/** What travels on the edges of the job: plain records that Flink serializes as POJOs, never with Kryo. */
@NullMarked
package io.winnow.hygiene.record;

import org.jspecify.annotations.NullMarked;
