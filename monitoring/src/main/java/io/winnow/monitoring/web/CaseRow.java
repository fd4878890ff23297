package io.winnow.monitoring.web;

import io.winnow.core.review.Decision;
import io.winnow.core.text.Legible;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.Finding;
import java.time.Instant;
import java.util.List;

/**
 * A case as the page shows it: text, cut to sensible lengths. The templates escape it.
 *
 * @param id the record id
 * @param link where its own page is
 * @param state open, held, released or discarded
 * @param reason the kind of fault
 * @param detail why, one line
 * @param bits its surprise; empty where it was not scored
 * @param threshold the threshold in force; empty where unknown
 * @param now its bits when it was judged again; empty where it was not
 * @param acceptedNow whether it would be accepted now
 * @param onItsOwn whether it was judged again without its key's last rows, which it was compared with at first
 * @param fields the most surprising ones
 * @param age since the desk saw it
 * @param receivedAt the same as a time
 * @param timestamp the record's own time
 * @param size of its value
 * @param profile the profile that judged it; empty where none did
 * @param decision what was decided, by whom and when; empty while open
 * @param why the reason they gave
 * @param releasable whether it could be released
 */
public record CaseRow(
        String id,
        String link,
        String state,
        String reason,
        String detail,
        String bits,
        String threshold,
        String now,
        boolean acceptedNow,
        boolean onItsOwn,
        List<Field> fields,
        String age,
        String receivedAt,
        String timestamp,
        String size,
        String profile,
        String decision,
        String why,
        boolean releasable) {
    private static final int MAX_DETAIL = 200;
    private static final int MAX_NAME = 32;

    /**
     * One field.
     *
     * @param name cut
     * @param bits to one place
     * @param meter 0 to 10 tenths of the most surprising field's bits
     */
    public record Field(String name, String bits, int meter) {}

    static CaseRow of(Case c, int fields, long now) {
        Finding finding = c.finding();
        return new CaseRow(
                c.id().toString(),
                "/cases/" + c.id(),
                c.state().label(),
                finding.reason().name(),
                Legible.line(finding.detail(), MAX_DETAIL),
                finding.bits() == null ? "" : Legible.bits(finding.bits()),
                finding.threshold() == null ? "" : Legible.bits(finding.threshold()),
                c.again() == null ? "" : Legible.bits(c.again().bits()),
                c.isAcceptedNow(),
                c.again() != null && c.again().sequenceLeftOut(),
                fields(finding, fields),
                Legible.age(now - c.receivedAt()),
                Instant.ofEpochMilli(c.receivedAt()).toString(),
                Instant.ofEpochMilli(c.timestamp()).toString(),
                Legible.size(c.size()),
                finding.profile() == null ? "" : Legible.line(finding.profile(), 16),
                decided(c),
                c.decision() == null ? "" : Legible.line(c.decision().why(), MAX_DETAIL),
                c.isReleasable());
    }

    private static List<Field> fields(Finding finding, int n) {
        double most = finding.fields().stream()
                .mapToDouble(field -> field.bits())
                .max()
                .orElse(1);
        return finding.fields().stream()
                .limit(n)
                .map(field -> new Field(Legible.line(field.field(), MAX_NAME), Legible.bits(field.bits()), (int)
                        Math.round(Math.max(0, Math.min(1, field.bits() / most)) * 10)))
                .toList();
    }

    private static String decided(Case c) {
        Decision decision = c.decision();
        if (decision == null) {
            return "";
        }
        String due = c.dueAt() == null ? "" : ", forwarded at " + Instant.ofEpochMilli(c.dueAt());
        return c.state().label() + " by " + Legible.line(decision.by(), MAX_NAME) + " at "
                + Legible.line(decision.at(), MAX_NAME) + due;
    }
}
