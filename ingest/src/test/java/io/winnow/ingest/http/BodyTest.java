package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class BodyTest {
    private static final GatewayLimits LIMITS = new GatewayLimits(10_000, 10, 200_000);

    private final Budget budget = new Budget(LIMITS.memoryBytes());
    private final Budget.Lease lease = budget.lease();

    private byte[] read(byte[] wire, boolean gzip) throws IOException {
        return Body.read(new ByteArrayInputStream(wire), gzip, LIMITS, lease);
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private void assertRefused(int status, byte[] wire, boolean gzip) {
        assertThatThrownBy(() -> read(wire, gzip))
                .isInstanceOfSatisfying(
                        Refusal.class, r -> assertThat(r.status()).isEqualTo(status));
    }

    @Test
    void readsWhatFits() throws IOException {
        byte[] content = new byte[10_000];
        new Random(3).nextBytes(content);
        assertThat(read(content, false)).isEqualTo(content);
        assertThat(budget.used()).isEqualTo(40_000);
        byte[] half = Arrays.copyOf(content, 4_000);
        assertThat(read(joined(gzip(half), gzip(half)), true)).isEqualTo(joined(half, half));
        lease.close();
        lease.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void refusesWhatIsTooLongBeforeAndAfterDecompression() {
        assertRefused(413, new byte[10_001], false);
        assertRefused(413, gzip(new byte[10_001]), true);
        assertRefused(413, gzip(new byte[100 << 20]), true);
        byte[] empty = gzip(new byte[0]);
        byte[] members = new byte[empty.length * 600];
        for (int i = 0; i < 600; i++) {
            System.arraycopy(empty, 0, members, i * empty.length, empty.length);
        }
        assertRefused(413, members, true);
    }

    /** Java's own reader passes over what follows a member and is none: records would be missing without a word. */
    @Test
    void refusesBrokenGzip() {
        byte[] whole = gzip(new byte[] {1, 2, 3});
        assertRefused(400, new byte[0], true);
        assertRefused(400, new byte[] {1, 2, 3}, true);
        assertRefused(400, Arrays.copyOf(whole, whole.length - 1), true);
        for (int garbage : new int[] {1, 9, 17, 18, 40, 3_000}) {
            assertRefused(400, joined(whole, new byte[garbage]), true);
        }
        byte[] second = whole.clone();
        second[1] = 0;
        assertRefused(400, joined(whole, second), true);
        byte[] checksum = whole.clone();
        checksum[checksum.length - 8]++;
        assertRefused(400, checksum, true);
    }

    @Test
    void sendsAwayWhereMemoryIsUsedUp() {
        try (Budget.Lease other = budget.lease()) {
            other.add(170_000);
            assertRefused(429, new byte[10_000], false);
            assertThat(budget.used()).isLessThanOrEqualTo(LIMITS.memoryBytes());
        }
        lease.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void tellsWhenTheClientGoesAway() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("reset");
            }
        };
        assertThatThrownBy(() -> Body.read(broken, false, LIMITS, lease)).hasMessage("reset");
    }
}
