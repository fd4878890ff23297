/** What a person sees: status line, tables, colours where the terminal takes them. */
@NullMarked
package io.winnow.app.terminal;

import org.jspecify.annotations.NullMarked;
