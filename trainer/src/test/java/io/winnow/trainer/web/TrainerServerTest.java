package io.winnow.trainer.web;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.core.contract.Contract;
import io.winnow.core.model.Baselines;
import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.model.Promotion;
import io.winnow.core.model.Slices;
import io.winnow.core.model.Slices.Slice;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.Scaling;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Epoch;
import io.winnow.trainer.pictures.Figures;
import io.winnow.trainer.registry.Roster;
import io.winnow.trainer.store.Draft;
import io.winnow.trainer.store.LiveCard;
import io.winnow.trainer.store.Machine;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.store.Origin;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainerServerTest {
    private static final String TOKEN = "a-secret-token";
    private static final String HOSTILE = "<script>alert(1)</script>\u202e";
    private static final ModelSpec SPEC = new ModelSpec(
            List.of(
                    new ModelSpec.Column("a", false),
                    new ModelSpec.Column("b", false),
                    new ModelSpec.Column("open", false),
                    new ModelSpec.Column("ts", true)),
            List.of(new ModelSpec.Category("region", List.of("north"))),
            List.of(),
            List.of(1),
            List.of(),
            true,
            ModelSpec.Shape.LINEAR);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Contract contract = Streams.regression(1_000);
    private Optional<String> refusal = Optional.empty();
    private int asked;
    private boolean healthy = true;
    private Roster roster = Roster.EMPTY;
    private TrainerServer server;
    private Path models;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        models = directory;
        ModelStore store = new ModelStore(directory, "s");
        ModelCard whole = publish(store, "m1");
        ModelCard damaged = publish(store, "m2");
        Files.write(directory.resolve("s/m2/model.pt"), new byte[] {1});
        store.writeLive(
                archive(),
                new LiveCard(
                        "m1",
                        whole.sha256(),
                        "2026-03-02T02:59:00Z",
                        42,
                        2_100,
                        ModelCard.MAE,
                        1.25,
                        500,
                        new Baselines(2.5, 2, null)));
        Promotion promotion = new Promotion(
                "s", Promotion.Action.PROMOTE, "m1", "2026-03-02T00:00:00Z", HOSTILE, "better: " + HOSTILE);
        roster = new Roster(ChampionHistory.of(List.of(promotion)), Map.of("m1", whole, "m2", damaged));
        server = new TrainerServer(
                new Side(),
                ModelStore.reading(directory, "s"),
                new Predictions(contract, store),
                TOKEN,
                0,
                () -> Instant.parse("2026-03-02T03:00:00Z"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** A linear model that always answers the last target: all weights are 0. */
    private static TorchArchive archive() {
        Scaling scaling = new Scaling(new double[3], new double[] {1, 1, 1}, 7, 1, 1);
        return Archives.published(SPEC, scaling, new float[Archives.stateSize(SPEC)]);
    }

    private ModelCard publish(ModelStore store, String id) throws Exception {
        Figures figures = new Figures(
                "y",
                List.of(),
                List.of(new Epoch(0.7, 0.6), new Epoch(0.5, 0.4)),
                new long[0],
                new double[0],
                new double[0],
                List.of(),
                new float[0]);
        Origin origin = new Origin("", null, Hyperparameters.DEFAULT, null, new Machine("x", "cpu()", 1));
        return store.publish(new Draft(archive(), SPEC, "y", origin, figures, null, sha -> card(id, sha)))
                .card();
    }

    private ModelCard card(String id, String sha) {
        return new ModelCard(
                id,
                "s",
                "2026-03-02T00:00:00Z",
                ModelCard.MAE,
                1.5,
                new Baselines(2.5, 2, null),
                null,
                1_000,
                200,
                new Slices(
                        "no-change",
                        List.of(new Slice("07", 120, 1.25, 2.75)),
                        List.of(new Slice(HOSTILE, 150, 1.5, 2.5), new Slice("site2", 50, 1.5, 2.5))),
                List.of(new OffsetRange(0, 0, 1_000)),
                List.of(),
                contract.hash(),
                1,
                null,
                "0.1.0",
                Map.of("hidden", HOSTILE),
                sha,
                id);
    }

    private final class Side implements TrainerSide {
        @Override
        public String stream() {
            return "s";
        }

        @Override
        public Roster roster() {
            return roster;
        }

        @Override
        public String metrics() {
            return "winnow_trainer_rows_total 1.0\n";
        }

        @Override
        public boolean healthy() {
            return healthy;
        }

        @Override
        public Optional<String> retrain() {
            asked += refusal.isEmpty() ? 1 : 0;
            return refusal;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String token, String body) throws Exception {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void metricsAndHealthAreForMachines() throws Exception {
        assertThat(send(request("/metrics")).body()).isEqualTo("winnow_trainer_rows_total 1.0\n");
        assertThat(send(request("/health")).body())
                .isEqualTo("{\"status\":\"up\",\"stream\":\"s\",\"champion\":\"m1\"}");
        healthy = false;
        assertThat(send(request("/health")).statusCode()).isEqualTo(503);
        healthy = true;
    }

    @Test
    void modelsAreJsonForProgramsAndAPageForPeople() throws Exception {
        HttpResponse<String> json = send(request("/models"));
        JsonNode list = new ObjectMapper().readTree(json.body());
        assertThat(list.get("champion").asText()).isEqualTo("m1");
        assertThat(list.get("models")).hasSize(2);
        assertThat(json.body()).contains("\"mark\":\"champion\"").contains("\"sha256\"");
        assertThat(json.headers().firstValue("Vary")).contains("Accept");
        HttpResponse<String> page = send(request("/models").header("Accept", "text/html,*/*"));
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(t -> assertThat(t).contains("text/html"));
        assertThat(page.body()).contains("<a href=\"/models/m1\">m1</a>").contains("3 h ago");
    }

    @Test
    void aModelsPageShowsItsCardItsHistoryAndItsPicturesAndTrustsNothing() throws Exception {
        HttpResponse<String> page = send(request("/models/m1").header("Accept", "text/html"));
        assertThat(page.body())
                .contains("<img src=\"/models/m1/loss.png\"")
                .contains("better: &lt;script&gt;alert(1)&lt;/script&gt;\\u202e")
                .doesNotContain("<script>")
                .doesNotContain("\u202e")
                .contains(
                        "By hour and key", "<td>07</td>", "2.7500", "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e</td>")
                .doesNotContain("cannot be used");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(csp -> assertThat(csp).contains("default-src 'none'"));
        assertThat(send(request("/models/m2").header("Accept", "text/html")).body())
                .contains("Its files cannot be used");
        JsonNode json = new ObjectMapper().readTree(send(request("/models/m1")).body());
        assertThat(json.get("pictures").get(0).asText()).isEqualTo("loss.png");
        assertThat(json.get("events")).hasSize(1);
        assertThat(json.at("/card/slices/hours/0/rows").asInt()).isEqualTo(120);
        assertThat(page.body()).contains("Small updates: 42 since, written 2026-03-02T02:59:00Z to live.pt.");
        assertThat(json.at("/live/updates").asInt()).isEqualTo(42);
        assertThat(json.at("/live/baselines/linear").asDouble()).isEqualTo(2);
        JsonNode other = new ObjectMapper().readTree(send(request("/models/m2")).body());
        assertThat(other.get("live").isNull()).isTrue();
        HttpResponse<byte[]> png =
                http.send(request("/models/m1/loss.png").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(png.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(png.body()).startsWith((byte) 0x89, 'P', 'N', 'G');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/models/m9",
                "/models/m1/model.pt",
                "/models/live.pt",
                "/models/m1/manifest.json",
                "/models/m1/residuals.png",
                "/models/..%2F..%2Fetc/loss.png",
                "/models/%2e%2e/loss.png",
                "/nothing"
            })
    void whatIsNotThereIsNotFound(String path) throws Exception {
        HttpResponse<String> answer = send(request(path));
        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("Exception");
    }

    @Test
    void aTrainingIsAskedForWithTheTokenOnly() throws Exception {
        int before = asked;
        HttpRequest.Builder bare = request("/retrain").POST(HttpRequest.BodyPublishers.noBody());
        assertThat(send(bare).statusCode()).isEqualTo(401);
        assertThat(post("/retrain", TOKEN + "x", "").statusCode()).isEqualTo(401);
        assertThat(send(request("/retrain")
                                .header("Authorization", "Bearer " + TOKEN)
                                .header("Origin", "http://evil.example")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(asked).isEqualTo(before);
        assertThat(post("/retrain", TOKEN, "").statusCode()).isEqualTo(202);
        assertThat(asked).isEqualTo(before + 1);
        refusal = Optional.of("the champion is pinned; unpin it first");
        assertThat(post("/retrain", TOKEN, "").body()).contains("unpin it first");
        refusal = Optional.empty();
        assertThat(send(request("/retrain")).statusCode()).isEqualTo(405);
    }

    @Test
    void answersToRowsWithTheirHistory() throws Exception {
        String row = "{\"ts\":%d,\"a\":1,\"b\":2,\"region\":\"north\",\"open\":true%s}";
        String past = row.formatted(1_000, ",\"y\":42.5");
        String now = row.formatted(2_000, "");
        HttpResponse<String> answer = post("/predict", TOKEN, "{\"rows\":[[" + past + "," + now + "],[" + now + "]]}");
        // The last target, and where there is none the median of the training: that is what this model does.
        assertThat(answer.body()).contains("\"answers\":[42.5,7.0]").contains("\"model\":\"m1\"");
    }

    @Test
    void saysWhatIsWrongWithAPredictionsRows() throws Exception {
        assertThat(send(request("/predict").POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(401);
        assertThat(post("/predict", TOKEN, "no json").body()).contains("the body is no JSON");
        assertThat(post("/predict", TOKEN, "").statusCode()).isEqualTo(400);
        assertThat(post("/predict", TOKEN, "{\"rows\":[]}").body()).contains("lists of a key's rows");
        assertThat(post("/predict", TOKEN, "{\"rows\":[[]]}").body()).contains("rows[0] must be a list");
        HttpResponse<String> wrong =
                post("/predict", TOKEN, "{\"rows\":[[{\"ts\":1,\"a\":\"" + "x".repeat(99) + "\"}]]}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("rows[0][0] breaks the contract");
        assertThat(post("/predict?model=m9", TOKEN, "{}").statusCode()).isEqualTo(404);
        assertThat(post("/predict?model=m2", TOKEN, "{\"rows\":[[{\"ts\":1}]]}").body())
                .contains("files cannot be used");
        String many = "{\"rows\":[[" + "{\"ts\":1},".repeat(1_000) + "{\"ts\":1}]]}";
        assertThat(post("/predict", TOKEN, many).statusCode()).isEqualTo(413);
        assertThat(post("/predict", TOKEN, " ".repeat(2 << 20)).statusCode()).isEqualTo(413);
    }

    @Test
    void theModelOpensInDjlAsItsCardSays() throws Exception {
        String card = Files.readString(models.resolve("s/m1/model-card.md"));
        assertThat(card).contains("new Shape(1, 2, 5), Float.NaN").contains("new Shape(1, 2, 1), -1");
        Criteria<NDList, NDList> criteria = Criteria.builder()
                .setTypes(NDList.class, NDList.class)
                .optModelPath(models.resolve("s/m1/model.pt"))
                .optEngine("PyTorch")
                .optTranslator(new NoopTranslator())
                .build();
        try (ZooModel<NDList, NDList> model = criteria.loadModel();
                Predictor<NDList, NDList> predictor = model.newPredictor();
                NDManager manager = NDManager.newBaseManager()) {
            NDArray numbers = manager.full(new Shape(1, 2, 5), Float.NaN, DataType.FLOAT64);
            NDArray categories = manager.full(new Shape(1, 2, 1), -1, DataType.INT64);
            NDArray answer = predictor.predict(new NDList(numbers, categories)).singletonOrThrow();
            assertThat(answer.toFloatArray()).containsExactly(7);
        }
    }

    @Test
    void namesOfElsewhereAreRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403")
                    .contains("answers only to localhost");
        }
    }
}
