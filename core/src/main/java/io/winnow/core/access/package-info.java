/** Who may ask a local page for something, told from what the request says; free of any HTTP library. */
@NullMarked
package io.winnow.core.access;

import org.jspecify.annotations.NullMarked;
