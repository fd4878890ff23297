package io.winnow.monitoring.cases;

import org.jspecify.annotations.Nullable;

/**
 * One Kafka header as it came.
 *
 * @param name its key
 * @param value its bytes; Kafka allows null
 */
public record KeptHeader(String name, byte @Nullable [] value) {}
