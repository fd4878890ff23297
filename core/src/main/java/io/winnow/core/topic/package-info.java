/** Names of topics and headers, and the encoding of header values: what the parts meet on. */
@NullMarked
package io.winnow.core.topic;

import org.jspecify.annotations.NullMarked;
