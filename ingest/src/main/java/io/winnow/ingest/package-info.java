/** Producers: files to a stream's raw topic. */
@NullMarked
package io.winnow.ingest;

import org.jspecify.annotations.NullMarked;
