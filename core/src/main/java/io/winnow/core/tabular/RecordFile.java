package io.winnow.core.tabular;

import io.winnow.core.contract.Contract;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A CSV or NDJSON file, plain or gzip, read as a stream of record values. What it is shows in its content: gzip by its
 * first bytes, NDJSON by a line that starts with a brace, or by its name. CSV starts with a header line; its separator
 * is the comma, semicolon, tab or bar that the header has most of. Not thread-safe.
 */
public final class RecordFile implements Closeable {
    /** How records are laid out. */
    public enum Format {
        /** A header line, then rows of cells, RFC 4180. */
        CSV,
        /** A JSON object on each line. */
        NDJSON,
        /** One JSON array of objects, or one object; never told from content, for it must be held in memory. */
        JSON
    }

    /** Reads the records of one format. */
    interface Records {
        @Nullable
        FileRecord next() throws IOException;

        List<String> columns();

        long blankLines();
    }

    private static final int BUFFER_BYTES = 1 << 16;

    private final Counter counter;
    private final Format format;
    private final Records records;

    private RecordFile(Counter counter, Format format, Records records) {
        this.counter = counter;
        this.format = format;
        this.records = records;
    }

    /**
     * Opens a file.
     *
     * @param contract types CSV cells and names the key; without one each cell is written as what it looks like
     * @throws FileFormatException if it is not a file of records, or lacks a column that the contract requires
     * @throws IOException if it cannot be read
     */
    public static RecordFile open(Path file, Optional<Contract> contract) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            return of(file.toString(), in, contract);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Reads a stream, which is closed with this.
     *
     * @param name what to call it in errors; its ending helps to tell the format
     * @param contract as in {@link #open}
     * @throws FileFormatException as in {@link #open}
     * @throws IOException if it cannot be read
     */
    public static RecordFile of(String name, InputStream in, Optional<Contract> contract) throws IOException {
        Counter counter = new Counter(in);
        PushbackInputStream start = new PushbackInputStream(counter, 2);
        byte[] magic = start.readNBytes(2);
        start.unread(magic);
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        LineReader lines = new LineReader(gzip ? new GZIPInputStream(start, BUFFER_BYTES) : start, name);
        boolean any = skipMark(lines, name);
        Format format = format(name, lines, any);
        return new RecordFile(counter, format, records(format, lines, name, contract));
    }

    /**
     * Reads bytes whose format is known, not compressed.
     *
     * @param name what to call them in errors
     * @param content all bytes; not copied
     * @param contract as in {@link #open}
     * @throws FileFormatException as in {@link #open}; for {@link Format#JSON} {@link #next} throws it too
     */
    public static RecordFile of(String name, byte[] content, Format format, Optional<Contract> contract)
            throws IOException {
        Counter counter = new Counter(new ByteArrayInputStream(content));
        if (format == Format.JSON) {
            return new RecordFile(counter, format, new JsonRecords(content, name, contract));
        }
        LineReader lines = new LineReader(counter, name);
        skipMark(lines, name);
        return new RecordFile(counter, format, records(format, lines, name, contract));
    }

    private static Records records(Format format, LineReader lines, String name, Optional<Contract> contract)
            throws IOException {
        return format == Format.CSV ? new CsvRecords(lines, name, contract) : new NdjsonRecords(lines, contract);
    }

    /** Whether there is any line; the first one loses its byte order mark. */
    private static boolean skipMark(LineReader lines, String name) throws IOException {
        boolean any = lines.next();
        if (any) {
            lines.giveBack(List.of(withoutMark(lines.copy(), name)));
        }
        return any;
    }

    /** The first line without UTF-8's byte order mark. */
    private static byte[] withoutMark(byte[] line, String name) throws IOException {
        if (line.length >= 2 && ((line[0] == -1 && line[1] == -2) || (line[0] == -2 && line[1] == -1))) {
            throw new FileFormatException(name + ": is UTF-16; write it as UTF-8, as with 'iconv -f UTF-16 -t UTF-8'");
        }
        boolean marked = line.length >= 3 && line[0] == (byte) 0xef && line[1] == (byte) 0xbb && line[2] == (byte) 0xbf;
        return marked ? java.util.Arrays.copyOfRange(line, 3, line.length) : line;
    }

    private static Format format(String name, LineReader lines, boolean any) throws IOException {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (plain.endsWith(".ndjson") || plain.endsWith(".jsonl")) {
            return Format.NDJSON;
        }
        byte[] first = {};
        if (any && lines.next()) {
            first = lines.copy();
            lines.giveBack(List.of(first));
        }
        int i = 0;
        while (i < first.length && (first[i] == ' ' || first[i] == '\t')) {
            i++;
        }
        byte opening = i < first.length ? first[i] : 0;
        if (opening == '[') {
            throw new FileFormatException(
                    name + ":1: starts with '[', like a JSON array; write one object per line, as with 'jq -c .[]'");
        }
        return opening == '{' || plain.endsWith(".json") ? Format.NDJSON : Format.CSV;
    }

    /** How its records are laid out. */
    public Format format() {
        return format;
    }

    /** A CSV file's columns, a blank name replaced by {@code columnN}; empty for NDJSON. */
    public List<String> columns() {
        return records.columns();
    }

    /**
     * The next record, in the order of the file; null at the end.
     *
     * @throws IOException if the file cannot be read on, or a line is longer than 64 MiB
     */
    public @Nullable FileRecord next() throws IOException {
        return records.next();
    }

    /** Bytes of the file read so far, as they are stored: a little ahead of the records. */
    public long bytesRead() {
        return counter.bytes;
    }

    /** Empty lines of a CSV file passed over so far: they hold no row. In NDJSON an empty line is an unreadable record. */
    public long blankLines() {
        return records.blankLines();
    }

    @Override
    public void close() throws IOException {
        counter.close();
    }

    /** Counts what is read. */
    private static final class Counter extends FilterInputStream {
        private long bytes;

        Counter(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            bytes += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            bytes += Math.max(n, 0);
            return n;
        }
    }
}
