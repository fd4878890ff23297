package io.winnow.core.sequence;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What each key's last rows were. Bounded in keys and in bytes: the key that was not seen for longest is forgotten first,
 * and its next row counts as a first one. No clock and no chance: the same rows leave the same memory. Not thread-safe.
 *
 * <p>Order holds within a partition only, so that a key's rows on two partitions are two sequences.
 */
public final class SequenceMemory {
    /** More keys are not remembered at once. */
    public static final int MAX_KEYS = 100_000;

    /** Nor more than about so many bytes. */
    public static final long MAX_BYTES = 32L << 20;

    private static final int OVERHEAD = 160;

    private final String contractHash;
    private final int[] columns;
    private final int maxKeys;
    private final long maxBytes;
    private final LinkedHashMap<Sequence, Past> pasts = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** One key's rows on one partition. */
    private record Sequence(int partition, String key) {}

    /** An empty memory for rows of this contract. */
    public SequenceMemory(Contract contract) {
        this(contract, MAX_KEYS, MAX_BYTES);
    }

    SequenceMemory(Contract contract, int maxKeys, long maxBytes) {
        this.contractHash = contract.hash();
        this.columns = columns(contract);
        this.maxKeys = maxKeys;
        this.maxBytes = maxBytes;
    }

    /** Which of the contract's features are compared: all but categories, in order. */
    public static int[] columns(Contract contract) {
        return IntStream.range(0, contract.features().size())
                .filter(i -> contract.features().get(i).type() != FeatureType.CATEGORY)
                .toArray();
    }

    /** A row's numbers, column by column. */
    public static double[] numbers(int[] columns, Row row) {
        double[] numbers = new double[columns.length];
        for (int j = 0; j < columns.length; j++) {
            numbers[j] = row.numbers[columns[j]];
        }
        return numbers;
    }

    /** What a row is to be compared with; null where it is its key's first, or has no key. */
    public @Nullable Past before(int partition, Row row) {
        return row.key == null ? null : pasts.get(new Sequence(partition, row.key));
    }

    /** Remembers a row, once it is judged. */
    public void note(int partition, long offset, Row row, boolean accepted) {
        if (row.key == null) {
            return;
        }
        Sequence sequence = new Sequence(partition, row.key);
        put(sequence, Past.after(pasts.get(sequence), offset, numbers(columns, row), accepted));
    }

    /** How many keys are remembered. */
    public int size() {
        return pasts.size();
    }

    private void put(Sequence sequence, Past past) {
        Past before = pasts.put(sequence, past);
        bytes += size(sequence, past) - (before == null ? 0 : size(sequence, before));
        while (pasts.size() > maxKeys || bytes > maxBytes) {
            Iterator<Map.Entry<Sequence, Past>> oldest = pasts.entrySet().iterator();
            Map.Entry<Sequence, Past> forgotten = oldest.next();
            bytes -= size(forgotten.getKey(), forgotten.getValue());
            oldest.remove();
        }
    }

    private long size(Sequence sequence, Past past) {
        boolean two = past.acceptedNumbers() != null
                && past.reference().acceptedOffset() != past.reference().offset();
        return OVERHEAD + 2L * sequence.key.length() + columns.length * (two ? 20L : 12L);
    }

    /** What is remembered of one partition, the key that was seen last at the end. */
    public byte[] encode(int partition) {
        ByteArrayOutputStream bytesOut = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytesOut)) {
            out.writeUTF(contractHash);
            for (Map.Entry<Sequence, Past> entry : pasts.entrySet()) {
                if (entry.getKey().partition == partition) {
                    write(entry.getKey().key, entry.getValue(), out);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written to", e);
        }
        return bytesOut.toByteArray();
    }

    private static void write(String key, Past past, DataOutputStream out) throws IOException {
        Reference reference = past.reference();
        out.writeUTF(key);
        out.writeLong(reference.offset());
        out.writeLong(reference.acceptedOffset());
        for (int run : reference.runs()) {
            out.writeChar(run);
        }
        for (double x : past.lastNumbers()) {
            out.writeDouble(x);
        }
        double[] accepted = past.acceptedNumbers();
        if (accepted != null && reference.acceptedOffset() != reference.offset()) {
            for (double x : accepted) {
                out.writeDouble(x);
            }
        }
    }

    /**
     * Remembers what {@link #encode} wrote; nothing where that was under another contract, whose rows cannot be compared.
     *
     * @throws IllegalArgumentException if the bytes are no such memory
     */
    public void restore(int partition, byte[] encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            if (!in.readUTF().equals(contractHash)) {
                return;
            }
            while (in.available() > 0) {
                put(new Sequence(partition, in.readUTF()), read(in));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not what is remembered of keys: " + e.getMessage(), e);
        }
    }

    private Past read(DataInputStream in) throws IOException {
        long offset = in.readLong();
        long acceptedOffset = in.readLong();
        int[] runs = new int[columns.length];
        for (int j = 0; j < runs.length; j++) {
            runs[j] = in.readChar();
        }
        double[] last = numbers(in);
        boolean another = acceptedOffset != Reference.NONE && acceptedOffset != offset;
        double[] accepted = another ? numbers(in) : last;
        return Past.of(new Reference(offset, acceptedOffset, runs), at -> at == offset ? last : accepted);
    }

    private double[] numbers(DataInputStream in) throws IOException {
        double[] numbers = new double[columns.length];
        for (int j = 0; j < numbers.length; j++) {
            numbers[j] = in.readDouble();
        }
        return numbers;
    }
}
