package io.winnow.core.tabular;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.TimeField;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes one row of cells as a flat JSON object. An empty cell is left out. A cell that does not fit its column's type
 * becomes a JSON string, so that the record is quarantined as invalid with the cell in it, not lost.
 */
final class RowWriter {
    /** How a column's cells are written. */
    private enum Cells {
        /** A number as its exact text, anything else as a string. */
        NUMBER,
        /** {@code true}, {@code false}, {@code 1}, {@code 0} in any case as a boolean, anything else as a string. */
        BOOLEAN,
        /** Always a string. */
        TEXT,
        /** What it looks like: the contract does not say. */
        GUESSED
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] prefixes;
    private final Cells[] cells;
    private final int keyColumn;
    private byte[] out = new byte[512];
    private int size;
    private byte @Nullable [] key;

    RowWriter(List<String> columns, Optional<Contract> contract) {
        int n = columns.size();
        prefixes = new byte[n][];
        cells = new Cells[n];
        for (int i = 0; i < n; i++) {
            String name = columns.get(i);
            byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(name);
            byte[] prefix = new byte[quoted.length + 4];
            prefix[0] = ',';
            prefix[1] = '"';
            System.arraycopy(quoted, 0, prefix, 2, quoted.length);
            prefix[prefix.length - 2] = '"';
            prefix[prefix.length - 1] = ':';
            prefixes[i] = prefix;
            cells[i] = contract.map(c -> cells(c, name)).orElse(Cells.GUESSED);
        }
        keyColumn = contract.flatMap(Contract::key).map(columns::indexOf).orElse(-1);
    }

    private static Cells cells(Contract contract, String name) {
        int feature = contract.indexOf(name);
        if (feature >= 0) {
            return cells(contract.features().get(feature).type());
        }
        if (contract.target().isPresent() && contract.target().get().name().equals(name)) {
            return cells(contract.target().get().type());
        }
        if (contract.time().isPresent() && contract.time().get().field().equals(name)) {
            return contract.time().get().format() == TimeField.Format.ISO_8601 ? Cells.TEXT : Cells.NUMBER;
        }
        return Cells.GUESSED;
    }

    private static Cells cells(FeatureType type) {
        return switch (type) {
            case NUMBER, TIME -> Cells.NUMBER;
            case BOOLEAN -> Cells.BOOLEAN;
            case CATEGORY -> Cells.TEXT;
        };
    }

    /** Columns in a row. */
    int columns() {
        return cells.length;
    }

    /** Forgets what was written. */
    void begin() {
        size = 0;
        key = null;
    }

    /** Writes the cell of column {@code i}: UTF-8 in {@code b[from..to)}. */
    void cell(int i, byte[] b, int from, int to) {
        if (from == to) {
            return;
        }
        if (i == keyColumn) {
            key = Arrays.copyOfRange(b, from, to);
        }
        switch (cells[i]) {
            case NUMBER -> number(i, b, from, to);
            case BOOLEAN -> bool(i, b, from, to);
            case TEXT -> text(i, b, from, to);
            case GUESSED -> {
                if (Numeral.isJson(b, from, to) || is("true", b, from, to, false) || is("false", b, from, to, false)) {
                    raw(prefixes[i]);
                    raw(b, from, to);
                } else {
                    text(i, b, from, to);
                }
            }
        }
    }

    /** The row as a JSON object. */
    byte[] value() {
        if (size == 0) {
            return new byte[] {'{', '}'};
        }
        byte[] value = new byte[size + 1];
        System.arraycopy(out, 0, value, 0, size);
        value[0] = '{';
        value[size] = '}';
        return value;
    }

    /** The key column's cell; null if it is empty or there is no such column. */
    byte @Nullable [] key() {
        return key;
    }

    private void number(int i, byte[] b, int from, int to) {
        int first = from;
        int last = to;
        while (first < last && b[first] == ' ') {
            first++;
        }
        while (last > first && b[last - 1] == ' ') {
            last--;
        }
        if (Numeral.isJson(b, first, last)) {
            raw(prefixes[i]);
            raw(b, first, last);
            return;
        }
        String json = Numeral.toJson(b, first, last);
        if (!json.isEmpty()) {
            raw(prefixes[i]);
            raw(json.getBytes(StandardCharsets.US_ASCII));
        } else if (first < last) {
            text(i, b, from, to);
        }
    }

    private void bool(int i, byte[] b, int from, int to) {
        boolean yes = is("true", b, from, to, true) || is("1", b, from, to, true);
        if (yes || is("false", b, from, to, true) || is("0", b, from, to, true)) {
            raw(prefixes[i]);
            raw((yes ? "true" : "false").getBytes(StandardCharsets.US_ASCII));
        } else {
            text(i, b, from, to);
        }
    }

    private static boolean is(String word, byte[] b, int from, int to, boolean anyCase) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            int c = b[from + i];
            if ((anyCase && c >= 'A' && c <= 'Z' ? c + 32 : c) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void text(int i, byte[] b, int from, int to) {
        raw(prefixes[i]);
        room(6 * (to - from) + 2);
        out[size++] = '"';
        for (int j = from; j < to; j++) {
            byte c = b[j];
            if (c == '"' || c == '\\') {
                out[size++] = '\\';
                out[size++] = c;
            } else if (c >= 0 && c < 0x20) {
                System.arraycopy(new byte[] {'\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15]}, 0, out, size, 6);
                size += 6;
            } else {
                out[size++] = c;
            }
        }
        out[size++] = '"';
    }

    private void raw(byte[] b) {
        raw(b, 0, b.length);
    }

    private void raw(byte[] b, int from, int to) {
        room(to - from);
        System.arraycopy(b, from, out, size, to - from);
        size += to - from;
    }

    private void room(int bytes) {
        if (out.length - size < bytes) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, size + bytes));
        }
    }
}
