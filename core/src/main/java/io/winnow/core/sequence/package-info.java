/** What a key's earlier rows say about its next one: the memory of them, and how a record names what it was compared with. */
@NullMarked
package io.winnow.core.sequence;

import org.jspecify.annotations.NullMarked;
