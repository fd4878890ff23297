/** The data directory: who holds it, where things lie in it, the token, what is running. */
@NullMarked
package io.winnow.app.home;

import org.jspecify.annotations.NullMarked;
