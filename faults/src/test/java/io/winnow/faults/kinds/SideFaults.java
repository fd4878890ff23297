package io.winnow.faults.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Verdicts;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.LedgerPage;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.RoleProcess;
import io.winnow.faults.world.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The desk and the ledger, in processes of their own, killed at work. */
final class SideFaults {
    private static final int RECORDS = 12_000;
    private static final int RATE = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "desk-killed-releasing",
                    "SIGKILL of the desk while it forwards releases, three times; each release is asked for again",
                    2,
                    SideFaults::desk),
            new FaultKind(
                    "ledger-killed", "SIGKILL of the ledger while it counts, three times", 2, SideFaults::ledger));

    private SideFaults() {}

    private static Outcome desk(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        run.send(RECORDS, 0);
        run.submit(2);
        run.awaitSent();
        run.awaitVerdicts(RECORDS);
        List<String> aside = Verdicts.quarantined(run.kafka(), run.stream());
        RoleProcess desk = RoleProcess.start("desk", run);
        for (int i = 0; i < 3; i++) {
            String last = aside.get(aside.size() - 1);
            Patience.await("the desk has all cases", PATIENCE, () -> hasCase(desk, last));
            release(desk, aside.subList(i * aside.size() / 3, (i + 1) * aside.size() / 3));
            TimeUnit.MILLISECONDS.sleep(run.random().nextInt(400));
            long start = System.nanoTime();
            desk.kill();
            desk.restart();
            Patience.await("the desk has its cases again", PATIENCE, () -> hasCase(desk, aside.get(0)));
            run.harmed((System.nanoTime() - start) / 1e9);
        }
        String last = aside.get(aside.size() - 1);
        Patience.await("the desk has all cases", PATIENCE, () -> hasCase(desk, last));
        release(desk, aside);
        Patience.await("all are released", PATIENCE, () -> run.tally().released() >= aside.size());
        // A release that was forwarded twice would come about now.
        TimeUnit.SECONDS.sleep(2);
        Outcome outcome = run.settle();
        long released = run.tally().released();
        if (released != aside.size()) {
            run.problem(released + " of " + aside.size() + " are released");
        }
        run.explain(released + " records were set aside and released, each forwarded once");
        return run.told(outcome);
    }

    private static boolean hasCase(RoleProcess desk, String id) throws IOException, InterruptedException {
        return HTTP.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + desk.port() + "/api/v1/cases/" + id))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    /** Asks for releases; a case that is decided already makes a conflict, which is as it should be. */
    private static void release(RoleProcess desk, List<String> ids) throws IOException, InterruptedException {
        for (int from = 0; from < ids.size(); from += 100) {
            String body = JSON.writeValueAsString(Map.of(
                    "recordIds", ids.subList(from, Math.min(ids.size(), from + 100)),
                    "action", "RELEASE",
                    "by", "ada",
                    "why", "seen on site"));
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + desk.port() + "/api/v1/decisions"))
                            .header("Authorization", "Bearer " + RoleProcess.TOKEN)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200 && answer.statusCode() != 409) {
                throw new IllegalStateException("the desk answers " + answer.statusCode() + ": " + answer.body());
            }
        }
    }

    private static Outcome ledger(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        RoleProcess ledger = RoleProcess.start("ledger", run);
        run.send(3L * RECORDS, RATE);
        run.submit(2);
        for (int i = 0; i < 3; i++) {
            run.awaitSome((long) i * RECORDS, RECORDS / 2);
            long start = System.nanoTime();
            ledger.kill();
            ledger.restart();
            run.harmed((System.nanoTime() - start) / 1e9);
        }
        Outcome outcome = run.settle();
        Patience.await(
                "the ledger has counted all",
                PATIENCE,
                () -> LedgerPage.of(ledger.port())
                        .filter(page -> page.get("raw").asLong() == outcome.expected()
                                && page.get("pending").asLong() == 0)
                        .isPresent());
        JsonNode page = LedgerPage.of(ledger.port()).orElseThrow();
        if (!page.get("conserved").asBoolean()
                || page.get("missing").asLong() != 0
                || page.get("duplicated").asLong() != 0) {
            run.problem("the ledger says " + page);
        }
        return run.told(outcome);
    }
}
