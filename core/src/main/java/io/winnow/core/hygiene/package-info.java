/** The hygiene of one record: standardize, score in bits, gate, learn; and the frozen profile behind it. */
@NullMarked
package io.winnow.core.hygiene;

import org.jspecify.annotations.NullMarked;
