/** What operators decide about a quarantined record. */
@NullMarked
package io.winnow.core.review;

import org.jspecify.annotations.NullMarked;
