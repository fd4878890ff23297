/** What the hygiene job costs, next to what it costs to move the bytes at all. */
@NullMarked
package io.winnow.app.bench;

import org.jspecify.annotations.NullMarked;
