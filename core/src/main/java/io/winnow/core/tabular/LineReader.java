package io.winnow.core.tabular;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Splits bytes into lines, without copying them; lines can be given back. */
final class LineReader {
    /** A longer line is no record: no topic takes it, and it would fill the memory. */
    static final int MAX_LINE_BYTES = 1 << 26;

    private final InputStream in;
    private final String name;
    private final Deque<byte[]> givenBack = new ArrayDeque<>();
    private byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    /** The current line is {@code data[start..end)}, without its terminator; valid until the next call. */
    byte[] data = buffer;

    int start;
    int end;
    /** Number of the current line, from 1. */
    long line;

    LineReader(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** Goes to the next line; false at the end. */
    boolean next() throws IOException {
        byte[] again = givenBack.poll();
        if (again != null) {
            data = again;
            start = 0;
            end = again.length;
            line++;
            return true;
        }
        int scanned = position;
        while (true) {
            for (int i = scanned; i < limit; i++) {
                if (buffer[i] == '\n') {
                    take(i > position && buffer[i - 1] == '\r' ? i - 1 : i, i + 1);
                    return true;
                }
            }
            int length = limit - position;
            if (!fill()) {
                if (length == 0) {
                    return false;
                }
                take(limit, limit);
                return true;
            }
            scanned = position + length;
        }
    }

    /** A copy of the current line. */
    byte[] copy() {
        return Arrays.copyOfRange(data, start, end);
    }

    /** Makes these lines, the current one last, the next ones again. */
    void giveBack(List<byte[]> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            givenBack.push(lines.get(i));
        }
        line -= lines.size();
    }

    private void take(int lineEnd, int nextStart) {
        data = buffer;
        start = position;
        end = lineEnd;
        position = nextStart;
        line++;
    }

    /** Reads more behind what is not taken yet; false at the end of the stream. */
    private boolean fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        } else if (limit == buffer.length) {
            if (limit >= MAX_LINE_BYTES) {
                throw new FileFormatException(name + ":" + (line + 1) + ": the line is longer than "
                        + (MAX_LINE_BYTES >> 20) + " MiB; is this a file of one record per line?");
            }
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int n = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(n, 0);
        return n >= 0;
    }
}
