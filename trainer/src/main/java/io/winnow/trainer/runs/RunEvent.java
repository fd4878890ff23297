package io.winnow.trainer.runs;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.winnow.core.model.OffsetRange;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** One line of a {@code run.jsonl}. Times are ISO-8601. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunEvent.Started.class, name = "started"),
    @JsonSubTypes.Type(value = RunEvent.Passed.class, name = "passed"),
    @JsonSubTypes.Type(value = RunEvent.Ended.class, name = "ended")
})
public sealed interface RunEvent {

    /** When. */
    String at();

    /**
     * The first line: everything that the run can be repeated from.
     *
     * @param at when it started
     * @param run its name, unlike any other's: letters, digits, '.', '_' and '-'
     * @param stream whose rows it learns from
     * @param codeVersion Winnow's version
     * @param seed of everything random
     * @param rows of its window
     * @param window where the rows lie on the clean topic, or in the file, whose lines then count as offsets of
     *     partition 0
     * @param hyperparameters by name
     * @param tags anything else that tells it from others
     */
    record Started(
            String at,
            String run,
            String stream,
            String codeVersion,
            long seed,
            int rows,
            List<OffsetRange> window,
            Map<String, String> hyperparameters,
            Map<String, String> tags)
            implements RunEvent {
        public Started {
            Instant.parse(at);
            // They become names of directories.
            name(run, "run");
            name(stream, "stream");
            Objects.requireNonNull(codeVersion, "codeVersion");
            window = List.copyOf(window);
            hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }
    }

    /**
     * One pass over the rows.
     *
     * @param at when it ended
     * @param epoch from 1
     * @param planned passes that were planned
     * @param loss the mean over the pass of what is minimized
     * @param validation the loss on the validation rows
     * @param rate the learning rate of its last step
     * @param seconds since the line before
     */
    record Passed(String at, int epoch, int planned, double loss, double validation, double rate, double seconds)
            implements RunEvent {
        public Passed {
            Instant.parse(at);
        }
    }

    /**
     * The last line. A run without one was cut off.
     *
     * @param at when
     * @param end how it ended
     * @param sentence why, for a person
     * @param scores by name
     */
    record Ended(String at, End end, String sentence, Map<String, Double> scores) implements RunEvent {
        public Ended {
            Instant.parse(at);
            Objects.requireNonNull(end, "end");
            Objects.requireNonNull(sentence, "sentence");
            scores = Collections.unmodifiableMap(new TreeMap<>(scores));
        }
    }

    private static void name(String value, String what) {
        if (!value.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}")) {
            throw new IllegalArgumentException(
                    what + " must be 1 to 200 letters, digits, '.', '_' or '-', starting with a letter or digit");
        }
    }

    /** How a run ends. */
    enum End {
        /** It gave a model. */
        FINISHED,
        /** It gave a model, which was refused. */
        REJECTED,
        /** It gave none. */
        FAILED,
        /** It was told to stop, or ran out of time. */
        STOPPED
    }
}
