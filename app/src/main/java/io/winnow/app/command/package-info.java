/** One class for each command that a person types. */
@NullMarked
package io.winnow.app.command;

import org.jspecify.annotations.NullMarked;
