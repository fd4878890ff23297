/** All parts of one running Winnow, started in order and stopped in order. */
@NullMarked
package io.winnow.app.system;

import org.jspecify.annotations.NullMarked;
