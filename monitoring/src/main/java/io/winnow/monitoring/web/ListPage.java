package io.winnow.monitoring.web;

import io.winnow.core.row.Reason;
import io.winnow.core.text.Legible;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the list of cases shows.
 *
 * @param stream the stream's name
 * @param state which state is listed
 * @param states the states and their counts
 * @param reasons the reasons, "all" first, and their counts in this state
 * @param banner what there is to say of a change of the stream; null where nothing
 * @param acceptedNow whether only cases are listed that would be accepted now
 * @param rows the cases, newest first
 * @param here the address of this list, without a place in it
 * @param next the address of the next page; null on the last
 * @param empty whether there is no case at all, in any state
 */
public record ListPage(
        String stream,
        String state,
        List<Choice> states,
        List<Choice> reasons,
        @Nullable Banner banner,
        boolean acceptedNow,
        List<CaseRow> rows,
        String here,
        @Nullable String next,
        boolean empty) {
    private static final int FIELDS = 3;

    /**
     * One filter to choose.
     *
     * @param label its name
     * @param count cases behind it
     * @param link its address
     * @param chosen whether it is in force
     */
    public record Choice(String label, String count, String link, boolean chosen) {}

    static ListPage of(String stream, CaseFilter filter, CaseView view, long now) {
        CaseView.Page page = view.page(filter.query());
        Counts counts = view.counts();
        List<Choice> states = new ArrayList<>();
        long all = 0;
        for (CaseState state : CaseState.values()) {
            all += counts.of(state);
            states.add(new Choice(
                    state.label(),
                    Legible.count(counts.of(state)),
                    address(state, filter.reason()),
                    state == filter.state() && !filter.acceptedNow()));
        }
        List<Choice> reasons = new ArrayList<>();
        reasons.add(new Choice(
                "all",
                Legible.count(counts.of(filter.state())),
                address(filter.state(), null),
                filter.reason() == null && !filter.acceptedNow()));
        for (Reason reason : Reason.values()) {
            reasons.add(new Choice(
                    name(reason),
                    Legible.count(counts.of(filter.state(), reason)),
                    address(filter.state(), reason),
                    reason == filter.reason()));
        }
        String here = filter.acceptedNow() ? Banner.REVIEW : address(filter.state(), filter.reason());
        return new ListPage(
                stream,
                filter.state().label(),
                states,
                reasons,
                Banner.of(view.regime()),
                filter.acceptedNow(),
                page.cases().stream().map(c -> CaseRow.of(c, FIELDS, now)).toList(),
                here,
                page.next() == null ? null : here + "&after=" + page.next(),
                all == 0);
    }

    private static String name(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String address(CaseState state, @Nullable Reason reason) {
        return "/?state=" + state.label() + (reason == null ? "" : "&reason=" + reason.name());
    }
}
