/** What stops a subtask's input when nearly everything is set aside, and what lets it go on. */
@NullMarked
package io.winnow.hygiene.breaker;

import org.jspecify.annotations.NullMarked;
