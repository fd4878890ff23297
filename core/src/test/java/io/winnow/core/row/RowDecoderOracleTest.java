package io.winnow.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decoder against Jackson, on random documents, whole and broken. */
class RowDecoderOracleTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: s
            time: {field: ts, format: iso-8601}
            features:
              - {name: x, type: number, min: -1.0e+6, max: 1.0e+300, required: true}
              - {name: longer name of nine words with spaces in it, type: number}
              - {name: "f\\u00e4\\"\\\\", type: number}
              - {name: c, type: category}
              - {name: b, type: boolean}
              - {name: t, type: time}
            target: {name: y, type: category}
            """, "s.yaml");

    private static final List<String> NAMES = List.of(
            "\"ts\"",
            "\"x\"",
            "\"longer name of nine words with spaces in it\"",
            "\"f\u00e4\\\"\\\\\"",
            "\"c\"",
            "\"b\"",
            "\"t\"",
            "\"y\"",
            "\"f\\u00E4\\\"\\\\\"",
            "\"\\u0078\"",
            "\"other\"",
            "\"\"",
            "\"\\u4e16\"",
            "\"?\"");

    private final RowDecoder decoder = new RowDecoder(CONTRACT);
    private final JacksonRows oracle = new JacksonRows(CONTRACT);
    private final Row row = new Row(CONTRACT);
    private final Row expected = new Row(CONTRACT);
    private int good;
    private int invalid;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void readsWhatJacksonReads(long seed) {
        Random random = new Random(seed);
        for (int n = 0; n < 5_000; n++) {
            byte[] value = document(random).getBytes(StandardCharsets.UTF_8);
            check(value);
            check(broken(value, random));
        }
        assertThat(good).as("documents that are good").isGreaterThan(500);
        assertThat(invalid).as("documents that break the contract").isGreaterThan(500);
    }

    private void check(byte[] value) {
        Reason reason = oracle.read(value, expected);
        Defect defect = decoder.decode(value, row);
        String text = new String(value, StandardCharsets.ISO_8859_1);
        assertThat(defect == null ? null : defect.reason())
                .as("%s: %s", text, defect)
                .isEqualTo(reason);
        if (reason == null) {
            good++;
            for (int i = 0; i < row.numbers.length; i++) {
                assertThat(Double.doubleToLongBits(row.numbers[i]))
                        .as("number %d of %s", i, text)
                        .isEqualTo(Double.doubleToLongBits(expected.numbers[i]));
            }
            assertThat(row.categories).as(text).containsExactly(expected.categories);
            assertThat(row.eventTime).as(text).isEqualTo(expected.eventTime);
            assertThat(row.targetCategory).as(text).isEqualTo(expected.targetCategory);
            assertThat(row.ignoredFields).as(text).isEqualTo(expected.ignoredFields);
        }
        invalid += reason == Reason.INVALID ? 1 : 0;
    }

    private static String document(Random random) {
        List<String> fields = new ArrayList<>();
        for (String name : NAMES.subList(0, 8)) {
            if (random.nextInt(12) > 0) {
                fields.add(name + space(random) + ":" + space(random) + fitting(name, random));
            }
        }
        while (random.nextInt(4) == 0) {
            fields.add(NAMES.get(random.nextInt(NAMES.size())) + ":" + any(random, 0));
        }
        if (random.nextBoolean()) {
            Collections.shuffle(fields, random);
        }
        return space(random) + "{" + String.join(space(random) + "," + space(random), fields) + "}" + space(random);
    }

    private static String fitting(String name, Random random) {
        if (random.nextInt(30) == 0) {
            return any(random, 0);
        }
        return switch (name) {
            case "\"ts\"" -> time(random);
            case "\"t\"" -> random.nextBoolean() ? time(random) : number(random);
            case "\"c\"", "\"y\"" -> string(random);
            case "\"b\"" -> random.nextBoolean() ? "true" : "false";
            default -> number(random);
        };
    }

    private static String space(Random random) {
        return random.nextInt(3) > 0 ? "" : " \t\n\r ".substring(random.nextInt(6));
    }

    private static String any(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 6 : 8)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "false";
            case 3 -> string(random);
            case 4 -> time(random);
            case 5 -> number(random);
            case 6 -> "[" + (random.nextBoolean() ? "" : any(random, depth + 1) + " , " + any(random, depth + 1)) + "]";
            default ->
                "{" + (random.nextBoolean() ? "" : "\"" + digits(random, 3) + "\\n\":" + any(random, depth + 1)) + "}";
        };
    }

    private static String number(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> String.valueOf(random.nextInt(2_000) - 1_000);
            case 1 -> String.valueOf(random.nextLong());
            case 2 -> String.valueOf(random.nextGaussian());
            case 3 -> String.valueOf(Math.rint(random.nextGaussian() * 1e6) / 1e4);
            case 4 -> String.valueOf(Double.longBitsToDouble(random.nextLong())).replace("NaN", "-0");
            case 5 -> "-0" + ".0".repeat(random.nextInt(2)) + "e-5".repeat(random.nextInt(2));
            case 6 -> digits(random, 1 + random.nextInt(25)) + "." + digits(random, 1 + random.nextInt(25));
            case 7 -> random.nextInt(100) + "E+" + random.nextInt(320);
            default -> digits(random, 995 + random.nextInt(10)) + ".5e1".substring(0, 2 * random.nextInt(3));
        };
    }

    private static String digits(Random random, int n) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < n; i++) {
            s.append((char) ('0' + random.nextInt(10)));
        }
        return s.toString();
    }

    private static String string(Random random) {
        String[] parts = {
            "a", "region-7", "\u00e4\u4e16\ud83d\ude00", "\\n", "\\u00E4", "\\ud83d\\ude00", "\\\"", "\\/", "\\ud800"
        };
        StringBuilder s = new StringBuilder();
        for (int n = random.nextInt(5); n > 0; n--) {
            s.append(parts[random.nextInt(parts.length)].repeat(random.nextInt(60) == 0 ? 200 : 1));
        }
        return "\"" + s + "\"";
    }

    private static String time(Random random) {
        Instant t = Instant.ofEpochMilli((random.nextLong() >> 17) + random.nextInt(3) * 500);
        String text = random.nextBoolean()
                ? t.toString()
                : t.atOffset(ZoneOffset.ofHours(2)).toString();
        text = random.nextInt(4) > 0 ? text : text.substring(0, 10 + random.nextInt(Math.max(1, text.length() - 9)));
        return "\"" + (random.nextInt(4) > 0 ? text : text.replace('T', ' ')) + "\"";
    }

    private static byte[] broken(byte[] whole, Random random) {
        byte[] value = whole.clone();
        for (int k = random.nextInt(3); k >= 0; k--) {
            int at = random.nextInt(value.length);
            value[at] = random.nextInt(4) == 0 ? (byte) random.nextInt(256) : whole[random.nextInt(whole.length)];
        }
        return random.nextInt(8) == 0 ? java.util.Arrays.copyOf(value, random.nextInt(value.length)) : value;
    }

    /** Names that nobody knows come and go, each a little different: what is remembered of them stays bounded. */
    @Test
    void endlessNewNamesAndCategoriesAreStillTold() {
        for (int n = 0; n < 6_000; n++) {
            String other = "\"other " + n + "\"";
            String ok = "{\"ts\":\"2026-01-01\",\"x\":1,\"c\":" + other + "," + other + ":1";
            check((ok + "}").getBytes(StandardCharsets.UTF_8));
            check((ok + "," + other + ":2}").getBytes(StandardCharsets.UTF_8));
        }
        check(("{\"ts\":\"2026-01-01\",\"x\":1,\"" + "n".repeat(300) + "\":1,\"" + "n".repeat(300) + "\":1}")
                .getBytes(StandardCharsets.UTF_8));
        // Refused by both, if not from the same length on.
        check(("{\"ts\":\"2026-01-01\",\"x\":1,\"" + "n".repeat(100_000) + "\":1}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aGoodRowLikeThoseBeforeAllocatesNothing() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[][] values = new byte[500][];
        for (int n = 0; n < values.length; n++) {
            values[n] = ("{\"ts\":\"2026-01-31T12:00:00." + (100 + n) + "Z\",\"x\":" + n
                            + ".25,\"longer name of nine words with spaces in it\":" + Math.sqrt(n)
                            + ",\"c\":\"region-" + n % 20
                            + "\",\"b\":true,\"ignored\":[1,{\"deep\":null}],\"y\":\"up\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        long least = Long.MAX_VALUE;
        for (int pass = 0; pass < 50; pass++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            for (byte[] value : values) {
                if (decoder.decode(value, row) != null) {
                    throw new AssertionError("these are good");
                }
            }
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .as("bytes for %d rows: not an object for each", values.length)
                .isLessThan(8L * values.length);
    }
}
