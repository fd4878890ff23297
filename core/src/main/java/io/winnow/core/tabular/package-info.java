/** Files as streams of record values: CSV, NDJSON and gzip of either, read once, line by line, nothing lost. */
@NullMarked
package io.winnow.core.tabular;

import org.jspecify.annotations.NullMarked;
