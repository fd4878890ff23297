/** The winnow command: what a person types, and the parts it starts in this JVM. Imported by none. */
@NullMarked
package io.winnow.app;

import org.jspecify.annotations.NullMarked;
