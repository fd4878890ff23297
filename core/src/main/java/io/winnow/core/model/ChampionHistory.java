package io.winnow.core.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the events on {@code S.promotions} come to, in the order of the topic: who is champion, and who was at any time.
 * Everyone who reads the same events comes to the same; an event that is not legal when its turn comes changes nothing,
 * so that two who write at once cannot disagree about the outcome. Immutable.
 *
 * <p>The rules: a retired model is never champion again. A pinned champion stays, whoever asks, until it is unpinned.
 * A roll back goes to a champion from before this one. Retiring the champion gives its place to the one before it, or to
 * nobody.
 */
public final class ChampionHistory {
    /** Before the first event. */
    public static final ChampionHistory EMPTY = new ChampionHistory(List.of(), List.of(), List.of(), Set.of(), false);

    /**
     * A time with one champion, or with none.
     *
     * @param modelId the champion; empty for nobody
     * @param since its begin; it ends where the next begins
     */
    public record Tenure(Optional<String> modelId, Instant since) {}

    private final List<Promotion> events;
    private final List<Tenure> tenures;
    /** Champions that may be rolled back to, oldest first; the last is the champion. */
    private final List<String> line;

    private final Set<String> retired;
    private final boolean pinned;

    private ChampionHistory(
            List<Promotion> events, List<Tenure> tenures, List<String> line, Set<String> retired, boolean pinned) {
        this.events = events;
        this.tenures = tenures;
        this.line = line;
        this.retired = retired;
        this.pinned = pinned;
    }

    /** The history of these events, in order. */
    public static ChampionHistory of(List<Promotion> events) {
        return EMPTY.after(events);
    }

    /** The history with these further events, in order. */
    public ChampionHistory after(List<Promotion> further) {
        Course course = new Course(this);
        further.forEach(course::take);
        return course.ended();
    }

    /** The events that counted, in order; those that were not legal are left out. */
    public List<Promotion> events() {
        return events;
    }

    /** Who was champion when, in order of time. */
    public List<Tenure> tenures() {
        return tenures;
    }

    /** The champion. */
    public Optional<String> champion() {
        return last(line);
    }

    /** Who a roll back without a name goes to: the champion before this one that is not retired. */
    public Optional<String> previous() {
        return line.size() < 2 ? Optional.empty() : Optional.of(line.get(line.size() - 2));
    }

    /** Whether the champion stays whatever is better. */
    public boolean pinned() {
        return pinned;
    }

    /** Whether this model can never be champion again. */
    public boolean retired(String modelId) {
        return retired.contains(modelId);
    }

    /**
     * The champion at this time. Clocks of those who wrote may differ: an event counts from its own time, or from that of
     * the latest before it on the topic, if that is later.
     */
    public Optional<String> championAt(Instant time) {
        int low = 0;
        int high = tenures.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tenures.get(middle).since().isAfter(time)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == 0 ? Optional.empty() : tenures.get(low - 1).modelId();
    }

    /** Why this event would change nothing if it came next, in one line; empty where it is legal. */
    public Optional<String> refusal(Promotion event) {
        return refusal(event, line, retired, pinned);
    }

    private static Optional<String> refusal(Promotion event, List<String> line, Set<String> retired, boolean pinned) {
        String id = event.modelId();
        Optional<String> champion = last(line);
        boolean isChampion = champion.filter(id::equals).isPresent();
        return switch (event.action()) {
            case PROMOTE ->
                retired.contains(id)
                        ? Optional.of(id + " is retired and is never champion again; promote another")
                        : isChampion ? Optional.of(id + " is the champion already") : held(champion, pinned);
            case ROLL_BACK ->
                isChampion
                        ? Optional.of(id + " is the champion already")
                        : line.contains(id)
                                ? held(champion, pinned)
                                : Optional.of(id
                                        + (retired.contains(id)
                                                ? " is retired and is never champion again"
                                                : " is no champion from before this one; promote it instead"));
            case PIN ->
                !isChampion
                        ? Optional.of(id + " is not the champion; only the champion can be pinned")
                        : pinned ? Optional.of(id + " is pinned already") : Optional.empty();
            case UNPIN -> isChampion && pinned ? Optional.empty() : Optional.of(id + " is not pinned");
            case RETIRE ->
                retired.contains(id)
                        ? Optional.of(id + " is retired already")
                        : isChampion ? held(champion, pinned) : Optional.empty();
        };
    }

    private static Optional<String> held(Optional<String> champion, boolean pinned) {
        return pinned
                ? Optional.of("champion " + champion.orElseThrow() + " is pinned; unpin it first")
                : Optional.empty();
    }

    private static Optional<String> last(List<String> line) {
        return line.isEmpty() ? Optional.empty() : Optional.of(line.get(line.size() - 1));
    }

    /** A history while events are added to it. */
    private static final class Course {
        private final List<Promotion> events;
        private final List<Tenure> tenures;
        private final List<String> line;
        private final Set<String> retired;
        private boolean pinned;

        Course(ChampionHistory from) {
            events = new ArrayList<>(from.events);
            tenures = new ArrayList<>(from.tenures);
            line = new ArrayList<>(from.line);
            retired = new HashSet<>(from.retired);
            pinned = from.pinned;
        }

        void take(Promotion event) {
            if (refusal(event, line, retired, pinned).isPresent()) {
                return;
            }
            Optional<String> before = last(line);
            String id = event.modelId();
            switch (event.action()) {
                case PROMOTE -> {
                    // Back in front: its earlier place in the line is no more.
                    line.remove(id);
                    line.add(id);
                }
                case ROLL_BACK ->
                    line.subList(line.indexOf(id) + 1, line.size()).clear();
                case PIN -> pinned = true;
                case UNPIN -> pinned = false;
                case RETIRE -> {
                    retired.add(id);
                    line.remove(id);
                }
            }
            events.add(event);
            if (!last(line).equals(before)) {
                tenures.add(new Tenure(last(line), since(Instant.parse(event.at()))));
            }
        }

        private Instant since(Instant said) {
            Instant latest =
                    tenures.isEmpty() ? said : tenures.get(tenures.size() - 1).since();
            return said.isAfter(latest) ? said : latest;
        }

        ChampionHistory ended() {
            return new ChampionHistory(
                    List.copyOf(events), List.copyOf(tenures), List.copyOf(line), Set.copyOf(retired), pinned);
        }
    }
}
