package io.winnow.app.system;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A small stream with values of every hostile kind among its rows; everything by seed. */
final class Mill {
    /** The first model is trained on this many clean rows. */
    static final int TRAINING_ROWS = 1_800;

    static final String YAML = """
            stream: mill
            key: line
            context: {per: key}
            features:
              - {name: line, type: category}
              - {name: speed, type: number, min: -1000, max: 1000, required: true}
              - {name: load, type: number}
              - {name: heat, type: number}
            target: {name: wear, type: number}
            labels: {within: 1h}
            training: {every-rows: %d, every-minutes: 60, min-rows: 1000}
            """.formatted(TRAINING_ROWS);

    static final Contract CONTRACT = ContractReader.parse(YAML, "mill.yaml");

    /** Valid by contract, and like no row of the mill. */
    static final byte[] OUTLIER =
            bytes("{\"line\":\"north\", \"speed\":-999.5, \"load\":1e6, \"heat\":-4e5, \"wear\":0}");

    private static final String WEAR = ",\"wear\":[^,]*}";

    private final Random random;

    Mill(long seed) {
        random = new Random(seed);
    }

    /**
     * A value as a producer sends it.
     *
     * @param bytes null for a tombstone
     * @param reason why it must be set aside; null where nothing must be
     */
    record Value(byte @Nullable [] bytes, @Nullable Reason reason) {}

    /** An ordinary row. Wear is a product: no line fits it, and the last row says nothing about the next. */
    Value row() {
        double speed = random.nextGaussian();
        double load = random.nextGaussian();
        double heat = 20 + speed + load + 0.5 * random.nextGaussian();
        double wear = 10 * speed * load + 0.3 * random.nextGaussian();
        return new Value(
                bytes(String.format(
                        Locale.ROOT,
                        "{\"line\":\"%s\",\"speed\":%.4f,\"load\":%.4f,\"heat\":%.3f,\"wear\":%.3f}",
                        random.nextBoolean() ? "north" : "south",
                        speed,
                        load,
                        heat,
                        wear)),
                null);
    }

    /** Ordinary rows, and after every fiftieth one a hostile value. */
    List<Value> mixed(int rows) {
        List<Value> hostile = hostile();
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(row());
            if (i % 50 == 49) {
                all.add(hostile.get(i / 50 % hostile.size()));
            }
        }
        return all;
    }

    /** One value of each hostile kind. */
    static List<Value> hostile() {
        String ok = "\"line\":\"north\",\"speed\":0.1,\"load\":0.2,\"heat\":20";
        ByteArrayOutputStream notUtf8 = new ByteArrayOutputStream();
        notUtf8.writeBytes(bytes("{" + ok + ",\"note\":\""));
        notUtf8.write(0xff);
        notUtf8.write(0xfe);
        notUtf8.writeBytes(bytes("\"}"));
        List<Value> values = new ArrayList<>();
        values.add(new Value(null, Reason.MALFORMED));
        values.add(new Value(notUtf8.toByteArray(), Reason.MALFORMED));
        Map.of(
                        "",
                        Reason.MALFORMED,
                        "not json",
                        Reason.MALFORMED,
                        "{" + ok + ",\"deep\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                        Reason.MALFORMED,
                        "{\"line\":\"north\",\"speed\":NaN}",
                        Reason.MALFORMED,
                        "{" + ok + ",\"speed\":0.1}",
                        Reason.MALFORMED,
                        "{\"line\":\"north\",\"speed\":1e400}",
                        Reason.INVALID,
                        "{\"line\":\"north\",\"speed\":\"0.1\"}",
                        Reason.INVALID,
                        "{\"line\":\"north\"}",
                        Reason.INVALID,
                        "{\"speed\":0.1,\"line\":\"" + "x".repeat(1 << 20) + "\"}",
                        Reason.INVALID)
                .forEach((text, reason) -> values.add(new Value(bytes(text), reason)));
        return values;
    }

    /** The same row without its target, which comes later; as it is where it must be set aside. */
    static Value withoutWear(Value row) {
        return row.bytes() == null || row.reason() != null
                ? row
                : new Value(bytes(text(row).replaceAll(WEAR, "}")), null);
    }

    /** The label of a row, by the id of its raw record. */
    static byte[] label(RecordId id, Value row) {
        return bytes(text(row).replaceFirst(".*(?=" + WEAR + ")", "{\"dq.id\":\"" + id + "\""));
    }

    private static String text(Value row) {
        return new String(Objects.requireNonNull(row.bytes()), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
