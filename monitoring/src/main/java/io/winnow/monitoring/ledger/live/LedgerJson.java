package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Balance;
import io.winnow.monitoring.ledger.Proof;
import io.winnow.monitoring.ledger.RawRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answer of {@code GET /ledger}. */
final class LedgerJson {
    private LedgerJson() {}

    static Map<String, Object> of(String stream, Board board) {
        Map<String, Object> json = new LinkedHashMap<>();
        Balance sum = board.sum();
        json.put("stream", stream);
        json.put("conserved", sum.isConserved());
        json.put("watermarkAgeSeconds", board.ageSeconds());
        figures(json, sum);
        json.put("missingIds", Proof.firstIds(stream, sum.missingRanges()));
        List<Map<String, Object>> partitions = new ArrayList<>();
        board.entries().forEach((partition, entry) -> {
            Map<String, Object> p = new LinkedHashMap<>();
            p.put("partition", partition);
            p.put("checkpoint", entry.horizon().checkpoint());
            p.put("rawStart", entry.horizon().rawStart());
            p.put("rawEnd", entry.horizon().rawEnd());
            figures(p, entry.balance());
            p.put(
                    "missingRanges",
                    entry.balance().missingRanges().stream()
                            .map(RawRange::toString)
                            .toList());
            partitions.add(p);
        });
        json.put("partitions", partitions);
        return json;
    }

    private static void figures(Map<String, Object> json, Balance b) {
        json.put("raw", b.raw());
        json.put("clean", b.clean());
        json.put("quarantined", b.quarantined());
        json.put("released", b.released());
        json.put("pending", b.pending());
        json.put("doubted", b.doubted());
        json.put("expired", b.expired());
        json.put("missing", b.missing());
        json.put("duplicated", b.duplicated());
        json.put("foreign", b.foreign());
    }
}
