package io.winnow.ingest.http;

/**
 * What the gateway takes at most.
 *
 * @param bodyBytes of one request's body, decompressed too
 * @param records of one request
 * @param memoryBytes that all requests under way may hold together; beyond that they are sent away for a moment
 */
public record GatewayLimits(int bodyBytes, int records, long memoryBytes) {
    /** While it is read and taken apart, a body is held up to this many times: as it grows, as it came, as lines, as records. */
    static final int COPIES = 4;

    /** What a record costs beside its bytes: objects here, and its place in the producer. */
    static final int RECORD_OVERHEAD_BYTES = 512;

    /** Bodies of 8 MiB and 20,000 records; 128 MiB of memory, or a quarter of the heap if that is less. */
    public static final GatewayLimits DEFAULT = new GatewayLimits(
            8 << 20,
            20_000,
            Math.min(128L << 20, Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4)));

    public GatewayLimits {
        if (bodyBytes < 1 || records < 1) {
            throw new IllegalArgumentException("a gateway must take bodies of at least one byte and one record");
        }
        if (memoryBytes < (long) COPIES * bodyBytes) {
            throw new IllegalArgumentException(
                    "a gateway needs " + COPIES + " times its largest body as memory: at least "
                            + (long) COPIES * bodyBytes + " bytes, not " + memoryBytes);
        }
    }
}
