package io.winnow.core.model;

import static io.winnow.core.model.Promotion.Action.PIN;
import static io.winnow.core.model.Promotion.Action.PROMOTE;
import static io.winnow.core.model.Promotion.Action.RETIRE;
import static io.winnow.core.model.Promotion.Action.ROLL_BACK;
import static io.winnow.core.model.Promotion.Action.UNPIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.model.Promotion.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChampionHistoryTest {
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private static Promotion event(Action action, String id, long second) {
        return new Promotion("s", action, id, START.plusSeconds(second).toString(), "ada", "because");
    }

    private static ChampionHistory history(Object... actionsAndIds) {
        List<Promotion> events = new ArrayList<>();
        for (int i = 0; i < actionsAndIds.length; i += 2) {
            events.add(event((Action) actionsAndIds[i], (String) actionsAndIds[i + 1], i / 2));
        }
        return ChampionHistory.of(events);
    }

    private static String refusal(ChampionHistory history, Action action, String id) {
        return history.refusal(event(action, id, 99)).orElse("");
    }

    @Test
    void withoutEventsNobodyIsChampion() {
        assertThat(ChampionHistory.EMPTY.champion()).isEmpty();
        assertThat(ChampionHistory.EMPTY.previous()).isEmpty();
        assertThat(ChampionHistory.EMPTY.championAt(START)).isEmpty();
        assertThat(refusal(ChampionHistory.EMPTY, ROLL_BACK, "a")).contains("no champion from before");
    }

    @Test
    void rollingBackTwiceGoesTwoChampionsBack() {
        ChampionHistory history = history(PROMOTE, "a", PROMOTE, "b", PROMOTE, "c", ROLL_BACK, "b");
        assertThat(history.champion()).contains("b");
        assertThat(history.previous()).contains("a");
        assertThat(refusal(history, ROLL_BACK, "c")).contains("promote it instead");
        assertThat(refusal(history, PROMOTE, "c")).isEmpty();
        assertThat(history.after(List.of(event(ROLL_BACK, "a", 9))).champion()).contains("a");
    }

    @Test
    void aPinHoldsAgainstEverybodyUntilItIsTakenOff() {
        ChampionHistory pinned =
                history(PROMOTE, "a", PROMOTE, "b", PIN, "b", PROMOTE, "c", ROLL_BACK, "a", RETIRE, "b");
        assertThat(pinned.champion()).contains("b");
        assertThat(pinned.pinned()).isTrue();
        assertThat(pinned.events()).hasSize(3);
        assertThat(refusal(pinned, PROMOTE, "c")).isEqualTo("champion b is pinned; unpin it first");
        assertThat(refusal(pinned, RETIRE, "a")).isEmpty();
        ChampionHistory free = pinned.after(List.of(event(UNPIN, "b", 7), event(PROMOTE, "c", 8)));
        assertThat(free.champion()).contains("c");
        assertThat(free.pinned()).isFalse();
    }

    @Test
    void onlyTheChampionCanBePinned() {
        ChampionHistory history = history(PROMOTE, "a", PROMOTE, "b", PIN, "a");
        assertThat(history.pinned()).isFalse();
        assertThat(refusal(history, PIN, "a")).contains("not the champion");
        assertThat(refusal(history, UNPIN, "b")).isEqualTo("b is not pinned");
        assertThat(refusal(history(PROMOTE, "a", PIN, "a"), PIN, "a")).isEqualTo("a is pinned already");
    }

    @Test
    void retiringTheChampionGivesItsPlaceToTheOneBeforeOrToNobody() {
        ChampionHistory history = history(PROMOTE, "a", PROMOTE, "b", PROMOTE, "c", RETIRE, "b", RETIRE, "c");
        assertThat(history.champion()).contains("a");
        assertThat(history.previous()).isEmpty();
        assertThat(refusal(history, PROMOTE, "b")).contains("never champion again");
        assertThat(refusal(history, ROLL_BACK, "c")).contains("never champion again");
        assertThat(refusal(history, RETIRE, "b")).contains("retired already");
        ChampionHistory nobody = history.after(List.of(event(RETIRE, "a", 20)));
        assertThat(nobody.champion()).isEmpty();
        assertThat(nobody.championAt(START.plusSeconds(19))).contains("a");
        assertThat(nobody.championAt(START.plusSeconds(20))).isEmpty();
    }

    @Test
    void saysWhoWasLiveWhen() {
        ChampionHistory history = history(PROMOTE, "a", PROMOTE, "b", PIN, "b", UNPIN, "b", ROLL_BACK, "a");
        assertThat(history.championAt(START.minusSeconds(1))).isEmpty();
        assertThat(history.championAt(START)).contains("a");
        assertThat(history.championAt(START.plusSeconds(1))).contains("b");
        assertThat(history.championAt(START.plusMillis(3_999))).contains("b");
        assertThat(history.championAt(START.plusSeconds(4))).contains("a");
        assertThat(history.championAt(Instant.MAX)).contains("a");
    }

    @Test
    void aClockThatGoesBackDoesNotReorderTheTopic() {
        ChampionHistory history = ChampionHistory.of(List.of(event(PROMOTE, "a", 100), event(PROMOTE, "b", 10)));
        assertThat(history.champion()).contains("b");
        assertThat(history.championAt(START.plusSeconds(50))).isEmpty();
        assertThat(history.championAt(START.plusSeconds(100))).contains("b");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsWrittenTheRulesHold(long seed) {
        Random random = new Random(seed);
        ChampionHistory history = ChampionHistory.EMPTY;
        List<Promotion> all = new ArrayList<>();
        Set<String> retired = new HashSet<>();
        List<Optional<String>> champions = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Action action = random.nextInt(12) == 0 ? RETIRE : Action.values()[random.nextInt(4)];
            Promotion event = event(action, "m" + random.nextInt(40), i);
            boolean legal = history.refusal(event).isEmpty();
            ChampionHistory next = history.after(List.of(event));
            all.add(event);
            if (!legal) {
                assertThat(next.champion()).isEqualTo(history.champion());
                assertThat(next.pinned()).isEqualTo(history.pinned());
                assertThat(next.events()).isEqualTo(history.events());
            } else if (action == RETIRE) {
                retired.add(event.modelId());
            }
            if (history.pinned() && action != UNPIN) {
                assertThat(next.champion()).isEqualTo(history.champion());
            }
            if (legal && (action == PROMOTE || action == ROLL_BACK)) {
                assertThat(next.champion()).contains(event.modelId());
            }
            assertThat(next.champion()).matches(c -> c.isEmpty() || !retired.contains(c.get()));
            assertThat(next.previous()).matches(c -> c.isEmpty() || !retired.contains(c.get()));
            assertThat(next.champion().isPresent() || !next.pinned()).isTrue();
            champions.add(next.champion());
            history = next;
        }
        // All at once comes to the same, and the past can be asked for.
        ChampionHistory atOnce = ChampionHistory.of(all);
        assertThat(atOnce.tenures()).isEqualTo(history.tenures());
        assertThat(atOnce.events()).isEqualTo(history.events());
        for (int i = 0; i < champions.size(); i++) {
            assertThat(atOnce.championAt(START.plusSeconds(i))).isEqualTo(champions.get(i));
        }
        // Replaying only what counted comes to the same.
        assertThat(ChampionHistory.of(atOnce.events()).tenures()).isEqualTo(atOnce.tenures());
    }
}
