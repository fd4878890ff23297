package io.winnow.monitoring.web;

import io.javalin.http.Context;
import io.winnow.core.row.Reason;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Cursor;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cases are asked for.
 *
 * @param state their state
 * @param reason their only reason; null for all
 * @param acceptedNow whether only those that would be accepted now
 * @param after where the last page ended; null for the first page
 * @param limit at most this many
 */
record CaseFilter(
        CaseState state,
        @Nullable Reason reason,
        boolean acceptedNow,
        @Nullable Cursor after,
        int limit) {
    static final int DEFAULT_LIMIT = 50;

    /**
     * Reads the request's query.
     *
     * @throws Refusal with status 400, saying what may stand there
     */
    static CaseFilter of(Context ctx) {
        boolean acceptedNow = acceptedNow(ctx.queryParam("again"));
        CaseState state = state(ctx.queryParam("state"));
        Reason reason = reason(ctx.queryParam("reason"));
        if (acceptedNow && (state != CaseState.OPEN || (reason != null && reason != Reason.SURPRISING))) {
            throw new Refusal(400, "again=accepted is for open cases that were surprising; leave state and reason out");
        }
        return new CaseFilter(
                state, reason, acceptedNow, after(ctx.queryParam("after")), limit(ctx.queryParam("limit")));
    }

    CaseView.Query query() {
        Set<Reason> reasons = reason == null ? EnumSet.allOf(Reason.class) : EnumSet.of(reason);
        return new CaseView.Query(state, reasons, acceptedNow, after, limit);
    }

    private static CaseState state(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return CaseState.OPEN;
        }
        return CaseState.of(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new Refusal(400, "state must be open, held, released or discarded"));
    }

    private static @Nullable Reason reason(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        for (Reason reason : Reason.values()) {
            if (reason.name().equalsIgnoreCase(text)) {
                return reason;
            }
        }
        throw new Refusal(400, "reason must be MALFORMED, INVALID, SURPRISING or TOO_LARGE");
    }

    private static boolean acceptedNow(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return false;
        }
        if (text.equals("accepted")) {
            return true;
        }
        throw new Refusal(400, "again must be accepted, or left out");
    }

    private static @Nullable Cursor after(@Nullable String text) {
        try {
            return text == null || text.isEmpty() ? null : Cursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "after: " + e.getMessage());
        }
    }

    private static int limit(@Nullable String text) {
        try {
            int limit = text == null || text.isEmpty() ? DEFAULT_LIMIT : Integer.parseInt(text);
            if (limit >= 1 && limit <= CaseView.MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Said below, for both.
        }
        throw new Refusal(400, "limit must be a number from 1 to " + CaseView.MAX_LIMIT);
    }
}
