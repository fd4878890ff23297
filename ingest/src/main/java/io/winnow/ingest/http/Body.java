package io.winnow.ingest.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads a request's body, bounded before and after it is decompressed; each byte is paid for before it is kept. */
final class Body {
    private static final int CHUNK_BYTES = 1 << 16;

    private Body() {}

    /**
     * All of it.
     *
     * @param wire the body as it is sent
     * @param gzip whether it is compressed
     * @param lease pays {@link GatewayLimits#COPIES} times for every byte
     * @throws Refusal 413 if it is too long, 400 if it is not what it says it is, 429 if the memory is used up
     * @throws IOException if the client goes away
     */
    static byte[] read(InputStream wire, boolean gzip, GatewayLimits limits, Budget.Lease lease) throws IOException {
        byte[] sent = drain(wire, limits.bodyBytes(), lease);
        return gzip ? unzip(sent, limits.bodyBytes(), lease) : sent;
    }

    private static byte[] drain(InputStream in, int atMost, Budget.Lease lease) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (n > atMost - all.size()) {
                throw new Refusal(413, "the body is longer than " + atMost + " bytes; send it in several requests");
            }
            lease.add((long) GatewayLimits.COPIES * n);
            all.write(chunk, 0, n);
        }
        return all.toByteArray();
    }

    private static byte[] unzip(byte[] sent, int atMost, Budget.Lease lease) throws IOException {
        try (Members members = new Members(sent)) {
            byte[] content = drain(members, atMost, lease);
            members.requireEnd();
            return content;
        } catch (ZipException | EOFException e) {
            throw new Refusal(400, "the body is not valid gzip, as its Content-Encoding says");
        }
    }

    /** A gzip file that must end with a member: Java takes what follows a member, and is none, for nothing. */
    private static final class Members extends GZIPInputStream {
        private static final int TRAILER_BYTES = 8;

        /** All bytes are in the inflater's buffer at once, so that it knows what is left. */
        Members(byte[] sent) throws IOException {
            super(new ByteArrayInputStream(sent), Math.max(1, sent.length));
        }

        void requireEnd() throws ZipException {
            if (inf.getRemaining() != TRAILER_BYTES) {
                throw new ZipException("something follows the last member");
            }
        }
    }
}
