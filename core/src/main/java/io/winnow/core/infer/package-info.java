/** Drafts a contract from a file's first records. */
@NullMarked
package io.winnow.core.infer;

import org.jspecify.annotations.NullMarked;
