package io.winnow.monitoring.web;

import io.winnow.core.text.Legible;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of one case shows.
 *
 * @param stream the stream's name
 * @param row the case
 * @param key the producer's key; empty where none
 * @param value the record for reading, cut
 * @param download whether its bytes can be had as a file
 * @param headers the headers
 */
public record CasePage(String stream, CaseRow row, String key, String value, boolean download, List<Header> headers) {
    private static final int FIELDS = 24;
    private static final int MAX_VALUE = 20_000;
    private static final int MAX_HEADERS = 60;
    private static final int MAX_HEADER = 300;

    /** One header, both parts cut. */
    public record Header(String name, String value) {}

    static CasePage of(String stream, Case c, @Nullable KeptRecord record, long now) {
        byte[] value = record == null ? null : record.value();
        byte[] key = record == null ? null : record.key();
        String shown = value == null ? "(no value)" : value.length == 0 ? "(empty)" : Legible.bytes(value, MAX_VALUE);
        List<Header> headers = record == null
                ? List.of()
                : record.headers().stream()
                        .limit(MAX_HEADERS)
                        .map(CasePage::header)
                        .toList();
        return new CasePage(
                stream,
                CaseRow.of(c, FIELDS, now),
                key == null ? "" : Legible.bytes(key, MAX_HEADER),
                shown,
                value != null && value.length > 0,
                headers);
    }

    private static Header header(KeptHeader header) {
        byte[] value = header.value();
        return new Header(Legible.line(header.name(), 60), value == null ? "(null)" : Legible.bytes(value, MAX_HEADER));
    }
}
