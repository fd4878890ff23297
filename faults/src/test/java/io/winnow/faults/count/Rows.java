package io.winnow.faults.count;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The records of a run: each a function of the run's seed and its number, which its value carries. */
public interface Rows {
    /** What a header of every record calls its number, in decimal: a tombstone has no value that could. */
    String NUMBER = "number";

    /** Keys, so that each partition has some. */
    int KEYS = 16;

    /** The value of a record; null for a tombstone. */
    byte @Nullable [] value(long number);

    /** The key of a record: one in {@value #KEYS}. */
    default byte[] key(long number) {
        return utf8("line-" + keyOf(number));
    }

    /** Which key, so that a key stays on its partition. */
    static int keyOf(long number) {
        return (int) Long.remainderUnsigned(number * 0x9E3779B97F4A7C15L >>> 17, KEYS);
    }

    /** Ordinary rows; one in fifty is far from all others and one in a hundred against its contract. */
    static Rows ordinary(long seed) {
        return number -> utf8(row(seed, number, 1_760_000_000_000L + 10 * number));
    }

    /** Ordinary rows, but one in a hundred has an event time up to ten years off. */
    static Rows farTimes(long seed) {
        return number -> {
            SplittableRandom random = random(seed + 1, number);
            long ten = 10L * 365 * 24 * 3_600_000;
            long off = random.nextInt(100) == 0 ? random.nextLong(-ten, ten) : 0;
            return utf8(row(seed, number, 1_760_000_000_000L + 10 * number + off));
        };
    }

    /** Every tenth record is one that a hostile producer might send. */
    static Rows hostile(long seed) {
        Rows ordinary = ordinary(seed);
        return number -> number % 10 == 3 ? hostileValue(number) : ordinary.value(number);
    }

    /** Ordinary rows, but from one number to before another 49 of 50 are against their contract. */
    static Rows garbageBetween(long seed, long from, long to) {
        Rows ordinary = ordinary(seed);
        return number -> number < from || number >= to || number % 50 == 7
                ? ordinary.value(number)
                : utf8("{\"n\":" + number + ",\"line\":\"line-" + keyOf(number) + "\",\"speed\":\"none\"}");
    }

    /** Ordinary rows with a target that is a product: no line fits it, and the last row says nothing about the next. */
    static Rows teaching(long seed) {
        return number -> {
            SplittableRandom random = random(seed, number);
            double speed = bell(random);
            double load = bell(random);
            return utf8(String.format(
                    Locale.ROOT,
                    "{\"n\":%d,\"ts\":%d,\"line\":\"line-%d\",\"speed\":%.4f,\"load\":%.4f,\"heat\":%.3f,\"wear\":%.3f}",
                    number,
                    1_760_000_000_000L + 10 * number,
                    keyOf(number),
                    speed,
                    load,
                    20 + speed + load + 0.5 * bell(random),
                    10 * speed * load + 0.3 * bell(random)));
        };
    }

    private static double bell(SplittableRandom random) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum;
    }

    private static String row(long seed, long number, long time) {
        SplittableRandom random = random(seed, number);
        double speed = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
        double load = random.nextDouble() * 2 - 1;
        double heat = 20 + speed + load + 0.2 * random.nextDouble();
        int odd = random.nextInt(100);
        if (odd == 0) {
            speed = 5_000;
        } else if (odd <= 2) {
            load = 1e6 * random.nextDouble();
            heat = -4e5;
        }
        return String.format(
                Locale.ROOT,
                "{\"n\":%d,\"ts\":%d,\"line\":\"line-%d\",\"speed\":%.4f,\"load\":%.4f,\"heat\":%.3f}",
                number,
                time,
                keyOf(number),
                speed,
                load,
                heat);
    }

    private static byte @Nullable [] hostileValue(long number) {
        String ok = "\"n\":" + number + ",\"line\":\"line-1\",\"speed\":0.1,\"load\":0.2,\"heat\":20";
        return switch ((int) (number / 10 % 10)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> utf8("not json at all");
            case 3 -> utf8("{" + ok + ",\"deep\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}");
            case 4 -> utf8("{" + ok + ",\"speed\":NaN}");
            case 5 -> utf8("{" + ok + ",\"speed\":0.1}");
            case 6 -> utf8("{\"n\":" + number + ",\"line\":\"x\",\"speed\":1e400}");
            case 7 -> utf8("{\"n\":" + number + ",\"line\":\"" + "x".repeat(100_000) + "\"}");
            case 8 -> new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'};
            default -> utf8("{\"n\":" + number + ",\"line\":\"\\u0000<script>\\r\\ndq.id: 1\",\"speed\":\"0.1\"}");
        };
    }

    private static SplittableRandom random(long seed, long number) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number * 0xD1B54A32D192ED03L);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
