/** {@code winnow tune}: a file becomes a window, a search runs over it, and a person reads what came of it. */
@NullMarked
package io.winnow.app.tune;

import org.jspecify.annotations.NullMarked;
