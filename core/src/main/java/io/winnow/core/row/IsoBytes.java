package io.winnow.core.row;

/** Reads the ISO-8601 that nearly every producer writes straight from its bytes; {@link EventTime} reads all the rest. */
final class IsoBytes {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int[] POWERS = {1, 10, 100};

    private IsoBytes() {}

    /**
     * {@code 2026-01-31}, and with {@code T} or a space {@code 12:00}, {@code 12:00:00} or {@code 12:00:00.123456789}, and
     * with that {@code Z} or {@code +01:00}, as epoch milliseconds.
     *
     * @return NaN for anything else, which may well be ISO-8601 too
     */
    static double millis(byte[] b, int from, int to) {
        int year = number(b, from, to, 4);
        int month = number(b, from + 5, to, 2);
        int day = number(b, from + 8, to, 2);
        if (year < 0
                || !is(b, from + 4, to, '-')
                || month < 1
                || month > 12
                || !is(b, from + 7, to, '-')
                || day < 1
                || day > days(year, month)) {
            return Double.NaN;
        }
        double midnight = epochDay(year, month, day) * (double) DAY_MILLIS;
        if (to == from + 10) {
            return midnight;
        }
        int hour = number(b, from + 11, to, 2);
        int minute = number(b, from + 14, to, 2);
        boolean good = is(b, from + 10, to, 'T') || is(b, from + 10, to, ' ');
        if (!good || hour < 0 || hour > 23 || !is(b, from + 13, to, ':') || minute < 0 || minute > 59) {
            return Double.NaN;
        }
        return midnight + (hour * 60 + minute) * 60_000L + seconds(b, from + 16, to);
    }

    /** Milliseconds of seconds and offset. */
    private static double seconds(byte[] b, int from, int to) {
        if (!is(b, from, to, ':')) {
            return offset(b, from, to);
        }
        int second = number(b, from + 1, to, 2);
        if (second < 0 || second > 59) {
            return Double.NaN;
        }
        int millis = second * 1_000;
        int i = from + 3;
        if (is(b, i, to, '.')) {
            int fraction = i + 1;
            int end = fraction;
            int part = 0;
            while (end < to && b[end] >= '0' && b[end] <= '9') {
                part = end - fraction < 3 ? part * 10 + b[end] - '0' : part;
                end++;
            }
            int digits = end - fraction;
            if (digits < 1 || digits > 9) {
                return Double.NaN;
            }
            millis += part * POWERS[Math.max(0, 3 - digits)];
            i = end;
        }
        return millis + offset(b, i, to);
    }

    /** Milliseconds to add for what follows the time. */
    private static double offset(byte[] b, int from, int to) {
        if (from == to || (is(b, from, to, 'Z') && to == from + 1)) {
            return 0;
        }
        int hours = number(b, from + 1, to, 2);
        int minutes = number(b, from + 4, to, 2);
        boolean good = to == from + 6 && (b[from] == '+' || b[from] == '-') && b[from + 3] == ':';
        if (!good || hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return Double.NaN;
        }
        return (b[from] == '+' ? -1 : 1) * (hours * 60 + minutes) * 60_000L;
    }

    private static boolean is(byte[] b, int i, int to, char c) {
        return i < to && b[i] == c;
    }

    /** So many digits as a number; −1 if they are not there. */
    private static int number(byte[] b, int from, int to, int digits) {
        if (from + digits > to) {
            return -1;
        }
        int n = 0;
        for (int i = from; i < from + digits; i++) {
            int d = b[i] - '0';
            if (d < 0 || d > 9) {
                return -1;
            }
            n = 10 * n + d;
        }
        return n;
    }

    private static int days(int year, int month) {
        boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
    }

    /** Days since 1970-01-01 in the proleptic Gregorian calendar, counted from the first of March of the year 0. */
    private static long epochDay(int year, int month, int day) {
        int m = (month + 9) % 12;
        int y = month <= 2 ? year - 1 : year;
        return 365L * y
                + Math.floorDiv(y, 4)
                - Math.floorDiv(y, 100)
                + Math.floorDiv(y, 400)
                + (m * 306 + 5) / 10
                + day
                - 719_469;
    }
}
