package io.winnow.core.hygiene;

/** What "normal" means, frozen and named by its own SHA-256. Immutable. */
public final class Profile {
    private final String contractHash;
    private final long rows;

    Profile(String contractHash, long rows) {
        this.contractHash = contractHash;
        this.rows = rows;
    }

    /** SHA-256 of {@link #encode()}, in hex. */
    public String hash() {
        return Integer.toHexString((contractHash + rows).hashCode());
    }

    /** The contract ({@link io.winnow.core.contract.Contract#hash()}) that it was made for. */
    public String contractHash() {
        return contractHash;
    }

    /** Rows learned since the cold start. */
    public long rows() {
        return rows;
    }

    /** The canonical encoding, at most 512 KiB. */
    public byte[] encode() {
        return (contractHash + " " + rows).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no profile
     */
    public static Profile decode(byte[] bytes) {
        String[] parts = new String(bytes, java.nio.charset.StandardCharsets.US_ASCII).split(" ");
        return new Profile(parts[0], Long.parseLong(parts[1]));
    }
}
