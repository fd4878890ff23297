/** The embedded broker, and the topics of a stream with their settings. */
@NullMarked
package io.winnow.app.kafka;

import org.jspecify.annotations.NullMarked;
