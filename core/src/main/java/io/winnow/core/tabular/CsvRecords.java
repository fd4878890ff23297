package io.winnow.core.tabular;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.row.Quote;
import io.winnow.core.row.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of cells. A line without a quote is cut at its separators where it lies; one with quotes goes through FastCSV,
 * together with the lines that its cells run on to. Where that gives no row of the header's width, the first of those
 * lines alone is broken, and reading goes on with the second: one stray quote costs one line, not the rest of the file.
 * A line break inside a cell is read as a line feed.
 */
final class CsvRecords implements RecordFile.Records {
    /** A quoted cell that runs on over more lines than this has lost its closing quote. */
    private static final int MAX_LINES = 1_000;

    private final LineReader lines;
    private final byte separator;
    private final CsvReader.CsvReaderBuilder quotedRows;
    private final List<String> columns;
    private final RowWriter row;
    private long blankLines;

    CsvRecords(LineReader lines, String name, Optional<Contract> contract) throws IOException {
        this.lines = lines;
        if (!lines.next()) {
            throw new FileFormatException(name + ": is empty; a CSV file starts with a line of column names");
        }
        separator = separator(lines);
        quotedRows = CsvReader.builder()
                .fieldSeparator((char) separator)
                .skipEmptyLines(false)
                .allowUnclosedQuote(false)
                .maxBufferSize(LineReader.MAX_LINE_BYTES);
        columns = header(name);
        if (contract.isPresent()) {
            requireColumns(name, contract.get());
        }
        row = new RowWriter(columns, contract);
    }

    private static byte separator(LineReader lines) {
        byte best = ',';
        int most = 0;
        for (byte candidate : new byte[] {',', ';', '\t', '|'}) {
            int n = 0;
            boolean quoted = false;
            for (int i = lines.start; i < lines.end; i++) {
                quoted ^= lines.data[i] == '"';
                n += !quoted && lines.data[i] == candidate ? 1 : 0;
            }
            if (n > most) {
                best = candidate;
                most = n;
            }
        }
        return best;
    }

    private List<String> header(String name) throws IOException {
        String at = name + ":1: ";
        byte[] line = lines.copy();
        if (!Utf8.isValid(line)) {
            throw new FileFormatException(at + "the header is not valid UTF-8; is this a CSV file?");
        }
        List<String> cells;
        try {
            cells = quotedRows
                    .ofSingleCsvRecord(new String(line, StandardCharsets.UTF_8))
                    .getFields();
        } catch (CsvParseException e) {
            throw new FileFormatException(at + "the header's quotes do not pair up");
        }
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int numbers = 0;
        for (String cell : cells) {
            byte[] b = cell.getBytes(StandardCharsets.UTF_8);
            numbers += Numeral.isJson(b, 0, b.length) ? 1 : 0;
            String column = cell.isBlank() ? "column" + (names.size() + 1) : cell.strip();
            if (!seen.add(column)) {
                throw new FileFormatException(at + "the column " + Quote.of(column) + " is there twice; rename one");
            }
            names.add(column);
        }
        if (numbers == names.size()) {
            throw new FileFormatException(at + "holds numbers where column names should be; put a header line first");
        }
        return List.copyOf(names);
    }

    private void requireColumns(String name, Contract contract) throws IOException {
        List<String> wanted = new ArrayList<>();
        contract.time().ifPresent(t -> wanted.add(t.field()));
        contract.key().ifPresent(wanted::add);
        contract.features().stream()
                .filter(Feature::required)
                .map(Feature::name)
                .forEach(wanted::add);
        for (String column : wanted) {
            if (!columns.contains(column)) {
                throw new FileFormatException(name + ":1: has no column " + Quote.of(column)
                        + ", which the contract of stream '" + contract.stream()
                        + "' needs; is it the right file and contract?");
            }
        }
    }

    @Override
    public @Nullable FileRecord next() throws IOException {
        while (lines.next()) {
            if (lines.start == lines.end) {
                blankLines++;
                continue;
            }
            byte all = 0;
            boolean quotes = false;
            for (int i = lines.start; i < lines.end; i++) {
                byte b = lines.data[i];
                all |= b;
                quotes |= b == '"';
            }
            if (all < 0 && !Utf8.isValid(lines.data, lines.start, lines.end)) {
                return broken("is not valid UTF-8");
            }
            return quotes ? quoted() : plain();
        }
        return null;
    }

    private FileRecord plain() {
        byte[] b = lines.data;
        row.begin();
        int column = 0;
        int from = lines.start;
        for (int i = from; i <= lines.end; i++) {
            if (i == lines.end || b[i] == separator) {
                if (column < row.columns()) {
                    row.cell(column, b, from, i);
                }
                column++;
                from = i + 1;
            }
        }
        return column == row.columns()
                ? new FileRecord(lines.line, row.key(), row.value(), null)
                : broken(wrongWidth(column));
    }

    private FileRecord quoted() throws IOException {
        long first = lines.line;
        List<byte[]> taken = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int bytes = 0;
        boolean open = false;
        do {
            byte[] line = lines.copy();
            if (!Utf8.isValid(line)) {
                break;
            }
            text.append(taken.isEmpty() ? "" : "\n").append(new String(line, StandardCharsets.UTF_8));
            taken.add(line);
            bytes += line.length;
            open = endsInsideQuotes(line, open);
        } while (open && taken.size() < MAX_LINES && bytes < LineReader.MAX_LINE_BYTES / 2 && lines.next());
        String problem = open ? "has a quote that is not closed" : parse(text.toString());
        if (problem == null) {
            return new FileRecord(first, row.key(), row.value(), null);
        }
        lines.giveBack(taken.subList(1, taken.size()));
        return new FileRecord(first, null, taken.get(0), problem);
    }

    /** Writes the row; what is wrong with it, or null. */
    private @Nullable String parse(String text) {
        List<String> cells;
        try {
            cells = quotedRows.ofSingleCsvRecord(text).getFields();
        } catch (CsvParseException e) {
            return "has broken quoting";
        }
        if (cells.size() != row.columns()) {
            return wrongWidth(cells.size());
        }
        row.begin();
        for (int i = 0; i < cells.size(); i++) {
            byte[] cell = cells.get(i).getBytes(StandardCharsets.UTF_8);
            row.cell(i, cell, 0, cell.length);
        }
        return null;
    }

    /** Whether a quoted cell runs on to the next line: a quote opens at a cell's start only. */
    private boolean endsInsideQuotes(byte[] line, boolean inside) {
        boolean quoted = inside;
        boolean cellStart = !inside;
        for (int i = 0; i < line.length; i++) {
            if (quoted && line[i] == '"') {
                if (i + 1 < line.length && line[i + 1] == '"') {
                    i++;
                } else {
                    quoted = false;
                }
            } else if (!quoted) {
                quoted = cellStart && line[i] == '"';
                cellStart = line[i] == separator;
            }
        }
        return quoted;
    }

    private FileRecord broken(String problem) {
        return new FileRecord(lines.line, null, lines.copy(), problem);
    }

    private String wrongWidth(int cells) {
        return "has " + cells + (cells == 1 ? " column" : " columns") + " where the header has " + row.columns();
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public long blankLines() {
        return blankLines;
    }
}
