package io.winnow.trainer.live;

import io.winnow.trainer.evaluation.Challenger;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Gate;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.evaluation.Losses.Rival;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Promising;
import io.winnow.trainer.evaluation.Outcome.Rejected;
import io.winnow.trainer.learn.LiveModel;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Window;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest model that was better than every rival, but not by more than noise. It goes on answering each row before it
 * learns it, and so do those that take its place: their costs, one after another, are evidence about what this stream's
 * trainings are worth, and add up until they say more than one holdout can.
 */
final class Shadow implements AutoCloseable {
    private final Scoreboard scoreboard;
    private @Nullable LiveModel model;

    /** None yet. */
    Shadow(Scoreboard scoreboard) {
        this.scoreboard = scoreboard;
    }

    boolean running() {
        return model != null;
    }

    /** Its answers, if there is one. */
    Optional<LiveModel.Answered> answer(Block block, History history) {
        return Optional.ofNullable(model).map(m -> m.answer(block, history));
    }

    /**
     * Asks the gate again, of all rows that a shadow or this model was asked about. Where that does not do either, the
     * model runs in shadow from now on; unless the one that does has cost less on the same rows.
     *
     * @param promising whose model is taken over, unless it passes
     * @param rivals whom it has to beat
     */
    Outcome judge(Promising promising, Window cut, Set<Contender> rivals, long seed) {
        Challenger challenger = promising.challenger();
        Optional<Losses> running = scoreboard.of(Contender.SHADOW, cut, challenger.holdout());
        scoreboard.fill(Contender.SHADOW, cut, challenger.holdout(), challenger.losses());
        Set<Contender> asked = EnumSet.copyOf(rivals);
        asked.add(Contender.SHADOW);
        Map<Contender, Losses> paid = scoreboard.common(asked);
        Losses own = paid.remove(Contender.SHADOW);
        if (own != null) {
            List<Rival> others = paid.entrySet().stream()
                    .map(e -> new Rival(e.getKey().label(), e.getValue()))
                    .toList();
            Gate.Verdict verdict = Gate.judge(own, others, promising.measured().metric(), seed);
            if (verdict.passed()) {
                String rows = ", over " + own.perRow().length + " rows that it or a model before it was asked about";
                return new Passed(challenger, promising.measured(), verdict.sentence() + rows);
            }
        }
        if (running.isPresent() && running.get().mean() <= challenger.losses().mean()) {
            challenger.close();
            return rejected(promising, "; the model in shadow is as good");
        }
        if (model != null) {
            model.close();
        }
        model = challenger.live();
        return rejected(promising, "; it goes on in shadow");
    }

    private static Rejected rejected(Promising promising, String then) {
        return new Rejected(promising.reason(), promising.scores(), promising.sentence() + then);
    }

    /** Ends it, and forgets what it paid. */
    @Override
    public void close() {
        scoreboard.clear(Contender.SHADOW);
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
