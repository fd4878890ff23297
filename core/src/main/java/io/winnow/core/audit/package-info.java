/** What {@code S.audit} holds. */
@NullMarked
package io.winnow.core.audit;

import org.jspecify.annotations.NullMarked;
