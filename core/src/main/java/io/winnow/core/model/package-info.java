/** What is said about a model on topics: its card, and the event that makes it champion. */
@NullMarked
package io.winnow.core.model;

import org.jspecify.annotations.NullMarked;
