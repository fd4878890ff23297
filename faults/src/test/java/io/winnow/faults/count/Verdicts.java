package io.winnow.faults.count;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What lies on the topics of verdicts. */
public final class Verdicts {
    private Verdicts() {}

    /** Ids of the records that were set aside. */
    public static List<String> quarantined(Map<String, String> kafka, String stream) {
        List<String> ids = new ArrayList<>();
        Topics.read(kafka, r -> ids.add(String.valueOf(Topics.header(r, "dq.id"))), stream + ".quarantine");
        return ids;
    }
}
