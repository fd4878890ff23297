package io.winnow.fuzz;

import io.winnow.core.row.Utf8;
import io.winnow.core.sequence.Reference;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.ledger.Sighting;
import java.util.Arrays;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Headers' values, which anyone may write: what is read is what would be written, and nothing else is read. */
public final class HeadersTarget {
    private HeadersTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = DqHeaders.text(data);
        id(text);
        context(text);
        features(data);
        byte[] detail = DqHeaders.detail(text);
        Checks.that(
                detail.length <= DqHeaders.MAX_DETAIL_BYTES && Utf8.isValid(detail), "a detail that is cut wrongly");
        sighting(data);
    }

    private static void id(String text) {
        try {
            Checks.that(RecordId.parse(text).toString().equals(text), "an id with two spellings");
        } catch (IllegalArgumentException e) {
            Checks.oneLine(e);
        }
    }

    private static void context(String text) {
        for (int columns = 0; columns < 4; columns++) {
            try {
                Reference read = Reference.parse(text, columns);
                Checks.that(Reference.parse(read.text(), columns).text().equals(read.text()), "a context that changes");
            } catch (IllegalArgumentException e) {
                Checks.oneLine(e);
            }
        }
    }

    private static void features(byte[] data) {
        try {
            float[] vector = DqHeaders.features(data);
            Checks.that(vector.length == data.length / 4, "features that are lost");
        } catch (IllegalArgumentException e) {
            Checks.oneLine(e);
        }
    }

    /** Two headers, cut at the first zero byte. */
    private static void sighting(byte[] data) {
        int cut = 0;
        while (cut < data.length && data[cut] != 0) {
            cut++;
        }
        RecordHeaders headers = new RecordHeaders();
        headers.add(DqHeaders.ID, Arrays.copyOf(data, cut));
        headers.add(DqHeaders.PREFIX + "part", Arrays.copyOfRange(data, Math.min(cut + 1, data.length), data.length));
        Sighting seen = Sighting.of(headers, "grid.raw");
        if (seen != null) {
            Checks.that(
                    seen.part() >= 1 && seen.part() <= seen.parts() && seen.parts() <= 10_000, "parts that cannot be");
            Checks.that(
                    new RecordId("grid.raw", seen.partition(), seen.offset())
                            .toString()
                            .equals(DqHeaders.text(Arrays.copyOf(data, cut))),
                    "a sighting of another record");
        }
    }
}
