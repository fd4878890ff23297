package io.winnow.hygiene.kafka;

/**
 * What the cluster allows this stream.
 *
 * @param cleanBytes {@code max.message.bytes} of the clean topic
 * @param quarantineBytes {@code max.message.bytes} of the quarantine topic
 * @param transactionTimeoutMillis how long a transaction may stay open: as long as the brokers allow, at most a week
 */
public record ClusterLimits(int cleanBytes, int quarantineBytes, int transactionTimeoutMillis) {}
