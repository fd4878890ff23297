/** One record as numbers: decoded from a flat JSON object by contract. */
@NullMarked
package io.winnow.core.row;

import org.jspecify.annotations.NullMarked;
