package io.winnow.monitoring.ledger.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.monitoring.ledger.Balance;
import io.winnow.monitoring.ledger.Horizon;
import io.winnow.monitoring.ledger.Horizon.Ends;
import io.winnow.monitoring.ledger.RawRange;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerServerTest {
    private final Board board = new Board(() -> 0L, () -> 1);
    private final AtomicBoolean healthy = new AtomicBoolean(true);
    private final LedgerServer server = new LedgerServer("s", board, healthy::get, 0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void tellsBalancesByPartitionAndTheFirstMissing() throws Exception {
        HttpResponse<String> early = ask("GET", "/ledger");
        assertThat(early.statusCode()).isEqualTo(503);
        assertThat(early.headers().firstValue("Retry-After")).isPresent();
        Ends ends = new Ends(0, 10, 10);
        board.put(
                1,
                new Horizon(0, 9, 8, ends, ends),
                new Balance(8, 5, 1, 1, 1, 0, 2, 0, 0, 0, List.of(new RawRange(1, 3, 4))));
        HttpResponse<String> answer = ask("GET", "/ledger");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"conserved\":false", "\"missing\":2", "\"missingIds\":[\"s.raw/1/3\",\"s.raw/1/4\"]")
                .contains("\"partition\":1", "\"checkpoint\":8", "\"missingRanges\":[\"1:3-4\"]");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(ask("GET", "/metrics").body()).contains("winnow_conservation_gap{stream=\"s\"} 2.0");
    }

    @Test
    void saysWhetherItWorks() throws Exception {
        assertThat(ask("GET", "/health").statusCode()).isEqualTo(200);
        healthy.set(false);
        assertThat(ask("GET", "/health").statusCode()).isEqualTo(503);
    }

    @Test
    void isOnlyRead() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            for (String path : List.of("/ledger", "/metrics", "/health", "/")) {
                assertThat(ask(method, path).statusCode())
                        .as("%s %s", method, path)
                        .isEqualTo(405);
            }
        }
        assertThat(ask("GET", "/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void answersOnlyToLoopback() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /ledger HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("evil");
        }
    }
}
