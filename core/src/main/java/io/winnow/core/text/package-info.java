/** Text for people, made of what nobody may trust. */
@NullMarked
package io.winnow.core.text;

import org.jspecify.annotations.NullMarked;
