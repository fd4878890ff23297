package io.winnow.core.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    /** Gives as many bytes at a time as chance has it. */
    private static InputStream dripping(byte[] bytes, Random random) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return super.read(b, off, Math.min(len, 1 + random.nextInt(50_000)));
            }
        };
    }

    @Test
    void cutsAtLineFeedsWhateverTheBuffersAre() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            List<String> lines = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i >= 0; i--) {
                String line =
                        "x".repeat(random.nextInt(10) == 0 ? random.nextInt(200_000) : random.nextInt(80)) + "\rz";
                lines.add(line);
                text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
            }
            if (random.nextBoolean()) {
                lines.add("last");
                text.append("last");
            }
            LineReader reader =
                    new LineReader(dripping(text.toString().getBytes(StandardCharsets.US_ASCII), random), "f");
            List<String> read = new ArrayList<>();
            while (reader.next()) {
                read.add(new String(reader.copy(), StandardCharsets.US_ASCII));
                assertThat(reader.line).isEqualTo(read.size());
            }
            assertThat(read).isEqualTo(lines);
            assertThat(reader.next()).isFalse();
        }
    }

    @Test
    void linesGivenBackComeAgainWithTheirNumbers() throws IOException {
        LineReader reader =
                new LineReader(new ByteArrayInputStream("a\nb\nc\n".getBytes(StandardCharsets.US_ASCII)), "f");
        reader.next();
        reader.next();
        reader.giveBack(List.of(new byte[] {'a'}, new byte[] {'b'}));
        StringBuilder read = new StringBuilder();
        while (reader.next()) {
            read.append(reader.line).append((char) reader.copy()[0]);
        }
        assertThat(read).hasToString("1a2b3c");
    }

    @Test
    void aLineThatNeverEndsIsRefusedBeforeItFillsTheMemory() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] b, int off, int len) {
                java.util.Arrays.fill(b, off, off + len, (byte) 'x');
                return len;
            }
        };
        assertThatThrownBy(() -> new LineReader(endless, "f.csv").next())
                .isInstanceOf(FileFormatException.class)
                .hasMessage("f.csv:1: the line is longer than 64 MiB; is this a file of one record per line?");
    }
}
