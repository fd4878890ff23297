package io.winnow.app.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.winnow.app.Failure;
import io.winnow.core.row.Quote;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of a cluster.
 *
 * @param kind what it does
 * @param index which one of its kind, from 0 on
 */
public record Role(Kind kind, int index) {
    private static final Pattern NAME = Pattern.compile("([a-z]+)(?:-([1-9]\\d{0,3}))?");

    /** What a process does, in the order of starting. */
    public enum Kind {
        /** A Kafka broker. */
        BROKER,
        /** Flink's JobManager. */
        JOBMANAGER,
        /** A Flink TaskManager. */
        TASKMANAGER,
        /** A stream's review desk. */
        DESK,
        /** A stream's ledger. */
        LEDGER,
        /** Takes records over HTTP, for all streams. */
        GATEWAY,
        /** A stream's trainer. */
        TRAINER;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** Brokers and TaskManagers are numbered from the first on, others from the second on. */
        private boolean numbersFirst() {
            return this == BROKER || this == TASKMANAGER;
        }
    }

    public Role {
        if (index < 0) {
            throw new IllegalArgumentException("a role's index must be at least 0, not " + index);
        }
    }

    /** {@code broker-1}, {@code jobmanager}, {@code desk}, {@code desk-2}. */
    @JsonValue
    public String name() {
        return index == 0 && !kind.numbersFirst() ? kind.word() : kind.word() + "-" + (index + 1);
    }

    /**
     * The role of this name.
     *
     * @throws Failure if there can be none
     */
    @JsonCreator
    public static Role of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            for (Kind kind : Kind.values()) {
                if (kind.word().equals(matcher.group(1))) {
                    int number = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
                    Role role = new Role(kind, number - 1);
                    if (role.name().equals(name)) {
                        return role;
                    }
                }
            }
        }
        throw new Failure("there is no role " + Quote.of(name)
                + "; 'winnow cluster status' lists them: broker-1, jobmanager, taskmanager-1, desk, ...");
    }

    @Override
    public String toString() {
        return name();
    }
}
