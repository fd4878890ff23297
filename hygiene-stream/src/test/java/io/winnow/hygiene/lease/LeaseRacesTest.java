package io.winnow.hygiene.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many runs at once on one topic, in every order that a seed gives: delays, pauses, deaths and jumps of the broker's clock. */
class LeaseRacesTest {
    private static final long STEP_MS = 100;

    private record Entry(LeaseRecord record, long brokerMillis) {}

    private record Sent(LeaseRecord record, long arrivesMs) {}

    /** The topic, with records still on their way to it. */
    private static final class Topic {
        final List<Entry> log = new ArrayList<>();
        final List<Deque<Sent>> ways = new ArrayList<>();
        LeaseState fold = LeaseState.NONE;
        long clockOffset;

        void arrive(long nowMs) {
            for (Deque<Sent> way : ways) {
                // One producer's records stay in order.
                while (!way.isEmpty() && way.peekFirst().arrivesMs() <= nowMs) {
                    LeaseRecord record = way.removeFirst().record();
                    log.add(new Entry(record, nowMs + clockOffset));
                    fold = fold.after(record, nowMs + clockOffset);
                }
            }
        }
    }

    private enum Phase {
        WAITING,
        HOLDING,
        REFUSED,
        LOST,
        DEAD
    }

    /** One run: it starts, wins or is refused, and beats until it loses or dies. */
    private static final class Run {
        final String id;
        final Candidate candidate;
        final Deque<Sent> way = new ArrayDeque<>();
        final long startsMs;

        @Nullable
        LeaseHolder holder;

        Phase phase = Phase.WAITING;
        int read;
        long beatAtMs;
        long pausedUntilMs;
        long wonMs;
        long endedMs;

        Run(String id, boolean takeOver, long startsMs, Topic topic) {
            this.id = id;
            this.candidate = new Candidate(id, "from " + id, takeOver);
            this.startsMs = startsMs;
            topic.ways.add(way);
        }

        void step(Topic topic, long nowMs, Random random) {
            if (nowMs < startsMs || nowMs < pausedUntilMs) {
                return;
            }
            long nanos = TimeUnit.MILLISECONDS.toNanos(nowMs);
            for (; read < topic.log.size(); read++) {
                Entry entry = topic.log.get(read);
                if (holder == null) {
                    candidate.see(entry.record(), entry.brokerMillis(), nanos);
                } else {
                    holder.see(entry.record(), entry.brokerMillis());
                }
            }
            if (phase == Phase.WAITING) {
                decide(candidate.next(nanos), nowMs, random);
            } else if (phase == Phase.HOLDING && nowMs >= beatAtMs) {
                Optional<LeaseRecord> beat = holder.beat(nanos);
                if (beat.isEmpty()) {
                    phase = Phase.LOST;
                    endedMs = nowMs;
                    send(holder.release(), nowMs, random);
                    return;
                }
                send(beat.get(), nowMs, random);
                beatAtMs = nowMs + LeaseState.BEAT.toMillis();
            }
        }

        private void decide(Candidate.Move move, long nowMs, Random random) {
            if (move instanceof Candidate.Move.Append append) {
                send(append.record(), nowMs, random);
            } else if (move instanceof Candidate.Move.Won) {
                phase = Phase.HOLDING;
                wonMs = nowMs;
                holder = new LeaseHolder(id, "from " + id, Side.STARTER, candidate.state(), candidate.number());
            } else if (move instanceof Candidate.Move.Refused) {
                phase = Phase.REFUSED;
                endedMs = nowMs;
            }
        }

        private void send(LeaseRecord record, long nowMs, Random random) {
            long arrives = nowMs + random.nextInt(4) * STEP_MS;
            if (!way.isEmpty()) {
                arrives = Math.max(arrives, way.peekLast().arrivesMs());
            }
            way.addLast(new Sent(record, arrives));
        }
    }

    private static void advance(Topic topic, List<Run> runs, long fromMs, long toMs, Random random) {
        for (long now = fromMs; now < toMs; now += STEP_MS) {
            topic.arrive(now);
            List<Run> order = new ArrayList<>(runs);
            Collections.shuffle(order, random);
            for (Run run : order) {
                if (run.phase != Phase.DEAD) {
                    run.step(topic, now, random);
                }
            }
            int sure = 0;
            for (Run run : runs) {
                boolean counts = run.phase == Phase.HOLDING
                        && run.holder.isSure(TimeUnit.MILLISECONDS.toNanos(now))
                        && now >= run.pausedUntilMs;
                sure += counts ? 1 : 0;
            }
            assertThat(sure).as("runs that count on the lease at %d ms", now).isLessThanOrEqualTo(1);
        }
    }

    private static long holding(List<Run> runs) {
        return runs.stream().filter(r -> r.phase == Phase.HOLDING).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void of_runs_that_start_at_once_one_wins_and_the_others_are_refused_in_time(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic();
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(new Run("run" + i, false, random.nextInt(3) * STEP_MS, topic));
        }
        advance(topic, runs, 0, 10_000, random);
        assertThat(holding(runs)).isEqualTo(1);
        assertThat(runs.stream().filter(r -> r.phase == Phase.REFUSED)).hasSize(4);
        assertThat(runs).allSatisfy(r -> assertThat(r.endedMs).isLessThan(6_000));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void a_second_run_is_refused_while_the_first_lives_whatever_the_brokers_clock_does(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic();
        List<Run> runs = new ArrayList<>();
        runs.add(new Run("first", false, 0, topic));
        advance(topic, runs, 0, 5_000, random);
        // Backwards only: an hour ahead, a holder looks silent to whoever claims within the same beat.
        topic.clockOffset = -TimeUnit.HOURS.toMillis(random.nextInt(2));
        runs.add(new Run("second", false, 5_000 + random.nextInt(20) * STEP_MS, topic));
        advance(topic, runs, 5_000, 20_000, random);
        assertThat(runs.get(0).phase).isEqualTo(Phase.HOLDING);
        assertThat(runs.get(1).phase).isEqualTo(Phase.REFUSED);
        assertThat(runs.get(1).endedMs - runs.get(1).startsMs).isLessThan(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void a_run_after_a_sudden_death_goes_on_once_the_dead_one_is_silent(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic();
        List<Run> runs = new ArrayList<>();
        runs.add(new Run("dead", false, 0, topic));
        advance(topic, runs, 0, 5_000, random);
        runs.get(0).phase = Phase.DEAD;
        topic.clockOffset = -TimeUnit.HOURS.toMillis(random.nextInt(2));
        runs.add(new Run("next", false, 5_000, topic));
        advance(topic, runs, 5_000, 20_000, random);
        assertThat(runs.get(1).phase).isEqualTo(Phase.HOLDING);
        assertThat(runs.get(1).wonMs).isBetween(5_000 + 5_000L, 5_000 + 9_500L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void who_takes_over_waits_until_the_other_has_stopped(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic();
        List<Run> runs = new ArrayList<>();
        runs.add(new Run("old", false, 0, topic));
        advance(topic, runs, 0, 5_000, random);
        runs.add(new Run("new", true, 5_000, topic));
        runs.add(new Run("newer", true, 5_000 + random.nextInt(10) * STEP_MS, topic));
        advance(topic, runs, 5_000, 40_000, random);
        assertThat(runs.get(0).phase).isEqualTo(Phase.LOST);
        assertThat(holding(runs)).isEqualTo(1);
        Run winner = runs.get(1).phase == Phase.HOLDING ? runs.get(1) : runs.get(2);
        assertThat(winner.wonMs).isGreaterThan(runs.get(0).endedMs);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whoever_was_away_while_another_had_it_never_comes_back(long seed) {
        Random random = new Random(seed);
        Topic topic = new Topic();
        List<Run> runs = new ArrayList<>();
        runs.add(new Run("run0", false, 0, topic));
        advance(topic, runs, 0, 3_000, random);
        List<Run> displaced = new ArrayList<>();
        long now = 3_000;
        for (int i = 1; i < 8; i++) {
            Run current = runs.stream()
                    .filter(r -> r.phase == Phase.HOLDING)
                    .findFirst()
                    .orElseThrow();
            current.pausedUntilMs = now + 12_000 + random.nextInt(50) * STEP_MS;
            displaced.add(current);
            Run next = new Run("run" + i, false, now + random.nextInt(30) * STEP_MS, topic);
            runs.add(next);
            advance(topic, runs, now, now + 20_000, random);
            now += 20_000;
            assertThat(next.phase).isEqualTo(Phase.HOLDING);
            assertThat(displaced).allSatisfy(r -> assertThat(r.phase).isEqualTo(Phase.LOST));
        }
    }
}
