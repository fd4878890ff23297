package io.winnow.trainer;

import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.EpochWatcher;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunEvent.Started;
import io.winnow.trainer.runs.RunRecorder;
import io.winnow.trainer.runs.RunRetention;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each training of a service down as a run, beside those of {@code winnow tune}. A training is worth more than its
 * record: where that cannot be begun, one warning says so.
 */
final class TrainingRecord implements EpochWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRecord.class);
    private static final int KEPT = 200;

    private final Path directory;
    private final Hyperparameters hyper;
    private final InstantSource clock;
    private @Nullable RunRecorder running;

    /**
     * Nothing yet.
     *
     * @param directory of the stream's runs; made when it is needed
     */
    TrainingRecord(Path directory, Hyperparameters hyper, InstantSource clock) {
        this.directory = directory;
        this.hyper = hyper;
        this.clock = clock;
    }

    void begin(Window cut, long seed) {
        Instant now = clock.instant();
        String stream = cut.contract().stream();
        String run = stream + "-" + TrainerLoop.ID_TIME.format(now) + "-" + Long.toHexString(seed);
        try {
            running = RunRecorder.start(
                    directory.resolve(run),
                    new Started(
                            now.toString(),
                            run,
                            stream,
                            Version.text(),
                            seed,
                            cut.size(),
                            cut.ranges(),
                            hyper.asText(),
                            Map.of("by", "trainer")),
                    clock);
        } catch (IOException e) {
            LOG.warn("the training is not recorded: {}", e.getMessage());
        }
    }

    @Override
    public void passed(Epoch epoch, Supplier<Map<String, float[]>> inside) {
        if (running != null) {
            running.passed(epoch, inside);
        }
    }

    void end(Outcome outcome) {
        Map<String, Double> scores = new LinkedHashMap<>();
        outcome.scores().ifPresent(s -> put(scores, s));
        end(how(outcome), outcome.sentence(), scores);
    }

    private static End how(Outcome outcome) {
        if (outcome instanceof Passed) {
            return End.FINISHED;
        }
        return outcome.scores().isPresent() ? End.REJECTED : End.FAILED;
    }

    /** Ends a record that was not ended yet: the training was stopped. */
    void stop() {
        end(End.STOPPED, "the trainer stopped", Map.of());
    }

    private void end(End how, String sentence, Map<String, Double> scores) {
        if (running == null) {
            return;
        }
        running.end(how, sentence, scores);
        running.close();
        running = null;
        try {
            RunRetention.keep(directory, KEPT);
        } catch (IOException e) {
            LOG.warn("records of old trainings cannot be removed: {}", e.getMessage());
        }
    }

    private static void put(Map<String, Double> scores, Scores s) {
        scores.put(s.metric(), s.value());
        scores.put("noChange", s.baselines().noChange());
        scores.put("linear", s.baselines().linear());
        Double forest = s.baselines().forest();
        if (forest != null) {
            scores.put("forest", forest);
        }
        s.champion().ifPresent(champion -> scores.put("champion", champion));
    }
}
