/** Winnow's core: the hygiene of one record, and what the parts promise each other. Plain Java. */
@NullMarked
package io.winnow.core;

import org.jspecify.annotations.NullMarked;
