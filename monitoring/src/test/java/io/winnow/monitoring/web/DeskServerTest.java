package io.winnow.monitoring.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.Part;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeskServerTest {
    private static final String TOKEN = "s3cret-token";
    private static final String HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

    private final ObjectMapper json = new ObjectMapper();
    private final FakeCases cases = new FakeCases();
    private final List<Decision> written = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile boolean healthy = true;
    private volatile boolean kafkaDown;
    private final DeskServer server = new DeskServer(
            "grid",
            cases,
            this::append,
            new DeskMetrics("grid"),
            () -> healthy,
            TOKEN,
            0,
            Clock.fixed(Instant.ofEpochMilli(Fixtures.START + 90_000), ZoneOffset.UTC));

    private void append(List<Decision> decisions) {
        if (kafkaDown) {
            throw new Refusal(503, "Kafka did not take it");
        }
        written.addAll(decisions);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void fill(int n) {
        for (int i = 0; i < n; i++) {
            cases.arrive(
                    Fixtures.surprising(Fixtures.id(i % 2, i), Fixtures.START + i, "{\"demand\":" + i + "}"),
                    Fixtures.START);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/decisions"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> decide(String action, RecordId... ids) throws Exception {
        List<String> texts = new ArrayList<>();
        for (RecordId id : ids) {
            texts.add(id.toString());
        }
        return post(body(action, texts), "Authorization", "Bearer " + TOKEN);
    }

    private String body(String action, List<String> ids) throws Exception {
        return json.writeValueAsString(json.createObjectNode()
                .put("action", action)
                .put("by", "ada")
                .put("why", "seen on site")
                .set("recordIds", json.valueToTree(ids)));
    }

    /** Speaks HTTP by hand: Java's client does not let a Host header be forged. */
    private String statusFor(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(9, 12);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer ", "Bearer wrong", "Bearer s3cret-toke", "Basic s3cret-token", "s3cret-token"})
    void nobody_decides_without_the_token(String authorization) throws Exception {
        fill(1);
        String body = body("RELEASE", List.of(Fixtures.id(0, 0).toString()));
        HttpResponse<String> answer = authorization.isEmpty() ? post(body) : post(body, "Authorization", authorization);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.body()).doesNotContain(TOKEN);
        assertThat(written).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", "[::2]:80"})
    void a_name_that_only_resolves_to_loopback_is_refused(String host) throws Exception {
        assertThat(statusFor(host)).isEqualTo("403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost:1234", "LOCALHOST", "[::1]", "[::1]:99"})
    void loopback_names_are_served(String host) throws Exception {
        assertThat(statusFor(host)).isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:%d", "file://"})
    void no_page_of_another_origin_decides_even_with_the_token(String origin) throws Exception {
        fill(1);
        String body = body("RELEASE", List.of(Fixtures.id(0, 0).toString()));
        String theirs = origin.replace("%d", Integer.toString(server.port()));
        HttpResponse<String> answer = post(body, "Authorization", "Bearer " + TOKEN, "Origin", theirs);
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(written).isEmpty();
        String own = "http://127.0.0.1:" + server.port();
        assertThat(post(body, "Authorization", "Bearer " + TOKEN, "Origin", own).statusCode())
                .isEqualTo(200);
    }

    @Test
    void names_of_fields_are_shown_as_the_contract_has_them() throws Exception {
        cases.arrive(
                Fixtures.quarantined(
                        Fixtures.id(0, 0),
                        Fixtures.START,
                        Reason.SURPRISING,
                        new byte[0],
                        Fixtures.text(DqHeaders.FIELDS, "a%2Cb%3D1=7.5,100%25=3.25,%252C=2.0,c=d=1.0")),
                Fixtures.START);
        JsonNode fields =
                json.readTree(get("/api/v1/cases/grid.raw/0/0").body()).get("fields");
        assertThat(fields.findValuesAsText("field")).containsExactly("a,b=1", "100%", "%2C", "c=d");
        assertThat(fields.findValuesAsText("bits")).containsExactly("7.5", "3.25", "2.0", "1.0");
        assertThat(get("/cases/grid.raw/0/0").body()).contains("<bdi>a,b=1</bdi>", "<bdi>100%</bdi>");
    }

    @Test
    void a_record_of_four_mebibytes_is_listed_shown_in_part_and_had_whole() throws Exception {
        byte[] value =
                ("{\"demand\":\"" + "\u0001é".repeat((4 << 20) / 3 - 20) + "\"}").getBytes(StandardCharsets.UTF_8);
        cases.arrive(Fixtures.quarantined(Fixtures.id(1, 7), Fixtures.START, Reason.INVALID, value), Fixtures.START);
        assertThat(get("/").body()).contains("grid.raw/1/7", "4194 kB").hasSizeLessThan(20_000);
        assertThat(get("/cases/grid.raw/1/7").body())
                .contains("…", "/api/v1/cases/grid.raw/1/7/value")
                .hasSizeLessThan(40_000);
        JsonNode record =
                json.readTree(get("/api/v1/cases/grid.raw/1/7").body()).get("record");
        assertThat(Base64.getDecoder().decode(record.get("value").asText())).isEqualTo(value);
        assertThat(record.get("text").asText()).hasSizeLessThan(70_000);
        HttpResponse<byte[]> file = http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.port() + "/api/v1/cases/grid.raw/1/7/value"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(file.body()).isEqualTo(value);
        assertThat(file.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(file.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"grid.raw-1-7.value\"");
        assertThat(decide("RELEASE", Fixtures.id(1, 7)).statusCode()).isEqualTo(200);
    }

    @Test
    void what_a_side_file_holds_has_no_value_here_and_cannot_be_released() throws Exception {
        cases.arrive(Fixtures.quarantined(Fixtures.id(0, 0), Fixtures.START, Reason.TOO_LARGE, null), Fixtures.START);
        assertThat(get("/api/v1/cases/grid.raw/0/0/value").statusCode()).isEqualTo(404);
        assertThat(json.readTree(get("/api/v1/cases/grid.raw/0/0").body())
                        .get("releasable")
                        .asBoolean())
                .isFalse();
        assertThat(decide("RELEASE", Fixtures.id(0, 0)).statusCode()).isEqualTo(409);
        assertThat(decide("DISCARD", Fixtures.id(0, 0)).statusCode()).isEqualTo(200);
    }

    @Test
    void a_decision_is_written_and_named() throws Exception {
        fill(2);
        HttpResponse<String> answer = decide("RELEASE", Fixtures.id(0, 0), Fixtures.id(1, 1));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(written).hasSize(2);
        JsonNode first = json.readTree(answer.body()).at("/decisions/0");
        assertThat(first.get("decisionId").asText()).isEqualTo(written.get(0).id());
        assertThat(first.get("recordId").asText()).isEqualTo("grid.raw/0/0");
        assertThat(written.get(0).by()).isEqualTo("ada");
        assertThat(written.get(0).at()).isEqualTo("2025-10-09T08:54:50Z");
    }

    @Test
    void the_same_decision_again_is_the_same_decision_before_and_after_the_store_has_it() throws Exception {
        fill(1);
        String first = decide("RELEASE", Fixtures.id(0, 0)).body();
        assertThat(decide("RELEASE", Fixtures.id(0, 0)).body()).isEqualTo(first);
        cases.decide(written.get(0), Fixtures.START);
        assertThat(decide("RELEASE", Fixtures.id(0, 0)).body()).isEqualTo(first);
        assertThat(written).hasSize(1);
    }

    @Test
    void a_contrary_decision_is_a_conflict_before_and_after_the_store_has_the_first() throws Exception {
        fill(2);
        decide("DISCARD", Fixtures.id(0, 0));
        assertThat(decide("RELEASE", Fixtures.id(0, 0), Fixtures.id(1, 1)).statusCode())
                .isEqualTo(409);
        cases.decide(written.get(0), Fixtures.START);
        HttpResponse<String> answer = decide("RELEASE", Fixtures.id(0, 0), Fixtures.id(1, 1));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(json.readTree(answer.body()).get("recordIds").get(0).asText())
                .isEqualTo("grid.raw/0/0");
        assertThat(written).hasSize(1);
        assertThat(get("/metrics").body())
                .contains("winnow_decision_conflicts_total{stream=\"grid\"} 2.0")
                .contains("winnow_decisions_total{action=\"discard\",stream=\"grid\"} 1.0")
                .contains("winnow_cases{state=\"open\",stream=\"grid\"} 1.0")
                .contains("winnow_cases{state=\"discarded\",stream=\"grid\"} 1.0");
    }

    @Test
    void one_unknown_record_among_many_decides_nothing() throws Exception {
        fill(1);
        assertThat(decide("RELEASE", Fixtures.id(0, 0), Fixtures.id(0, 99)).statusCode())
                .isEqualTo(404);
        assertThat(post(body("RELEASE", List.of("no id")), "Authorization", "Bearer " + TOKEN)
                        .statusCode())
                .isEqualTo(404);
        assertThat(written).isEmpty();
    }

    @Test
    void what_is_kept_in_parts_cannot_be_released_but_discarded() throws Exception {
        cases.arrive(
                Fixtures.quarantined(
                        Fixtures.id(0, 0),
                        Fixtures.START,
                        Reason.TOO_LARGE,
                        new byte[9],
                        Fixtures.text(Part.HEADER, "0/2")),
                Fixtures.START);
        assertThat(decide("RELEASE", Fixtures.id(0, 0)).statusCode()).isEqualTo(409);
        assertThat(decide("DISCARD", Fixtures.id(0, 0)).statusCode()).isEqualTo(200);
    }

    @Test
    void a_decision_that_was_not_written_does_not_count() throws Exception {
        fill(1);
        kafkaDown = true;
        assertThat(decide("DISCARD", Fixtures.id(0, 0)).statusCode()).isEqualTo(503);
        kafkaDown = false;
        assertThat(decide("RELEASE", Fixtures.id(0, 0)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"recordIds\":[],\"action\":\"RELEASE\",\"by\":\"a\"}",
                "{\"recordIds\":[null],\"action\":\"RELEASE\",\"by\":\"a\"}",
                "{\"recordId\":\"grid.raw/0/0\",\"action\":\"release it\",\"by\":\"a\"}",
                "{\"recordId\":\"grid.raw/0/0\",\"action\":\"RELEASE\",\"by\":\" \"}",
                "{\"recordId\":\"grid.raw/0/0\",\"action\":\"RELEASE\",\"by\":\"a\"} tail",
                "{\"recordId\":\"grid.raw/0/0\",\"action\":\"RELEASE\",\"by\":\"a\",\"unknown\":1}"
            })
    void a_bad_body_is_refused_in_one_line(String body) throws Exception {
        fill(1);
        HttpResponse<String> answer = post(body, "Authorization", "Bearer " + TOKEN);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json.readTree(answer.body()).get("error").asText()).doesNotContain("\n", "Exception");
        assertThat(written).isEmpty();
    }

    @Test
    void pages_walk_through_every_case_once_newest_first() throws Exception {
        fill(23);
        List<String> seen = new ArrayList<>();
        String after = "";
        do {
            JsonNode page =
                    json.readTree(get("/api/v1/cases?limit=5&after=" + after).body());
            page.get("cases").forEach(c -> seen.add(c.get("id").asText()));
            after = page.get("next").isNull() ? null : page.get("next").asText();
        } while (after != null);
        assertThat(seen).hasSize(23).doesNotHaveDuplicates().startsWith("grid.raw/0/22", "grid.raw/1/21");
    }

    @Test
    void lists_are_filtered_by_state_and_reason() throws Exception {
        fill(3);
        cases.arrive(
                Fixtures.quarantined(Fixtures.id(0, 50), Fixtures.START, Reason.MALFORMED, new byte[0]),
                Fixtures.START);
        assertThat(json.readTree(get("/api/v1/cases?reason=malformed").body()).get("cases"))
                .hasSize(1);
        assertThat(json.readTree(get("/api/v1/cases?state=released").body()).get("cases"))
                .isEmpty();
        for (String bad : List.of("state=x", "reason=x", "after=x", "limit=0", "limit=501", "limit=x")) {
            assertThat(get("/api/v1/cases?" + bad).statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void one_case_comes_with_its_exact_bytes() throws Exception {
        byte[] value = {'{', (byte) 0xff, 0, '"'};
        cases.arrive(Fixtures.quarantined(Fixtures.id(1, 7), Fixtures.START, Reason.MALFORMED, value), Fixtures.START);
        JsonNode one = json.readTree(get("/api/v1/cases/grid.raw/1/7").body());
        assertThat(Base64.getDecoder().decode(one.at("/record/value").asText())).isEqualTo(value);
        assertThat(one.get("bits").isNull()).isTrue();
        assertThat(get("/api/v1/cases/grid.raw/1/8").statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/cases/nonsense").statusCode()).isEqualTo(404);
    }

    @Test
    void hostile_content_is_text_on_both_pages() throws Exception {
        cases.arrive(
                Fixtures.quarantined(
                        Fixtures.id(0, 0),
                        Fixtures.START,
                        Reason.SURPRISING,
                        ("{\"a\":\"" + HOSTILE + "\u202e\",\"b\":1e400}").getBytes(StandardCharsets.UTF_8),
                        Fixtures.text(HOSTILE, HOSTILE),
                        Fixtures.text(DqHeaders.DETAIL, HOSTILE),
                        Fixtures.text(DqHeaders.PROFILE, HOSTILE),
                        Fixtures.text(DqHeaders.FIELDS, HOSTILE + "=12.5")),
                Fixtures.START);
        cases.arrive(Fixtures.surprising(Fixtures.id(0, 1), Fixtures.START, "{}"), Fixtures.START);
        cases.decide(
                new Decision("d", "grid.raw/0/1", Decision.Action.DISCARD, HOSTILE, "2026-01-01T00:00:00Z", HOSTILE),
                Fixtures.START);
        for (String path : List.of("/", "/cases/grid.raw/0/0", "/?state=discarded", "/cases/grid.raw/0/1")) {
            HttpResponse<String> page = get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body()).as(path).contains("&lt;script").doesNotContain("<script>alert", "<img", "\u202e");
        }
        assertThat(get("/cases/grid.raw/0/0").body()).contains("\\u202e").contains("1e400");
    }

    @Test
    void a_page_may_load_only_the_desks_own_files() throws Exception {
        HttpResponse<String> page = get("/");
        String csp = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(csp)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().map()).doesNotContainKey("access-control-allow-origin");
        // What the policy would block must not be there in the first place.
        assertThat(page.body()).doesNotContain(" style=", " onclick=", "<script>", "https://");
        for (String asset : List.of("/assets/desk.css", "/assets/desk.js", "/assets/htmx.js")) {
            assertThat(page.body()).contains(asset);
            assertThat(get(asset).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void an_empty_desk_explains_itself() throws Exception {
        assertThat(get("/").body()).contains("Nothing has been set aside yet");
        fill(1);
        assertThat(get("/?state=held").body()).contains("No held cases here");
    }

    @Test
    void the_page_leads_to_older_cases() throws Exception {
        fill(CaseFilter.DEFAULT_LIMIT + 2);
        String body = get("/").body();
        String next = body.substring(body.indexOf("/?state=open&amp;after="));
        next = next.substring(0, next.indexOf('"')).replace("&amp;", "&");
        assertThat(get(next).body())
                .contains("grid.raw/0/0", "grid.raw/1/1", "No older cases")
                .doesNotContain(">grid.raw/0/2 ");
    }

    @Test
    void a_desk_that_cannot_read_its_cases_says_so_and_still_has_metrics() throws Exception {
        fill(1);
        get("/metrics");
        cases.ready = false;
        healthy = false;
        assertThat(get("/api/v1/cases").statusCode()).isEqualTo(503);
        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/metrics").body()).contains("winnow_cases{state=\"open\",stream=\"grid\"} 1.0");
    }

    @Test
    void a_steady_stream_has_no_banner() throws Exception {
        fill(1);
        assertThat(get("/").body()).doesNotContain("class=\"notice");
        JsonNode regime = json.readTree(get("/api/v1/regime").body());
        assertThat(regime.get("state").asText()).isEqualTo("steady");
        assertThat(regime.get("since").isNull()).isTrue();
        assertThat(regime.get("acceptedNow").asLong()).isZero();
    }

    @Test
    void while_the_stream_changes_the_page_and_the_api_say_so() throws Exception {
        fill(1);
        cases.changed(Fixtures.START, null, null);
        assertThat(get("/").body()).contains("The stream has been changing since 9 Oct 08:53 UTC");
        JsonNode regime = json.readTree(get("/api/v1/regime").body());
        assertThat(regime.get("state").asText()).isEqualTo("changing");
        assertThat(regime.get("since").asText()).isEqualTo("2025-10-09T08:53:20Z");
    }

    @Test
    void after_a_change_the_wrongly_held_are_offered_listed_and_released() throws Exception {
        fill(6);
        cases.changed(null, Fixtures.START, Fixtures.START + 420_000);
        cases.judgeAgain(Fixtures.id(0, 2), 3.5);
        cases.judgeAgain(Fixtures.id(1, 3), 4.5);
        cases.judgeAgain(Fixtures.id(0, 4), 44);

        String page = get("/").body();
        assertThat(page)
                .contains("2 cases set aside during the change of 9 Oct 08:53–09:00 UTC would be accepted now.")
                .contains("id=\"release-accepted\"", "data-count=\"2\"", "now 3.5", "now 44");
        String listed = get("/?again=accepted").body();
        assertThat(listed).contains("grid.raw/0/2", "grid.raw/1/3").doesNotContain("grid.raw/0/4", "grid.raw/1/5");
        JsonNode accepted =
                json.readTree(get("/api/v1/cases?again=accepted").body()).get("cases");
        assertThat(accepted).hasSize(2);
        assertThat(accepted.get(0).get("again").get("bits").asDouble()).isEqualTo(4.5);
        assertThat(accepted.get(0).get("again").get("accepted").asBoolean()).isTrue();
        assertThat(accepted.get(0).get("bits").asDouble()).isEqualTo(14.25);
        assertThat(json.readTree(get("/api/v1/cases/grid.raw/0/4").body())
                        .get("again")
                        .get("accepted")
                        .asBoolean())
                .isFalse();
        assertThat(get("/cases/grid.raw/0/2").body()).contains("3.5 bits", "it would be accepted");
        assertThat(get("/metrics").body()).contains("winnow_cases_accepted_now{stream=\"grid\"} 2.0");

        decide("RELEASE", Fixtures.id(0, 2), Fixtures.id(1, 3));
        written.forEach(d -> cases.decide(d, Fixtures.START));
        assertThat(json.readTree(get("/api/v1/regime").body())
                        .get("acceptedNow")
                        .asLong())
                .isZero();
        assertThat(get("/").body()).doesNotContain("would be accepted now");
    }

    @ParameterizedTest
    @ValueSource(strings = {"again=x", "again=accepted&state=released", "again=accepted&reason=INVALID"})
    void a_filter_that_makes_no_sense_is_refused(String query) throws Exception {
        assertThat(get("/api/v1/cases?" + query).statusCode()).isEqualTo(400);
    }
}
