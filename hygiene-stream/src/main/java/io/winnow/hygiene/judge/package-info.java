/** The operator that judges records, and what it does where there is no profile yet or no room on a topic. */
@NullMarked
package io.winnow.hygiene.judge;

import org.jspecify.annotations.NullMarked;
