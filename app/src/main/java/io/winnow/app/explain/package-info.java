/** Finds one record, its verdict and its profile on a stream's topics, computes its bits again and draws them. */
@NullMarked
package io.winnow.app.explain;

import org.jspecify.annotations.NullMarked;
