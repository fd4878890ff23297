package io.winnow.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Quote;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile.Format;
import io.winnow.ingest.MonotonicTime;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's HTTP side, on 127.0.0.1. */
final class GatewayServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    /** Longer than Kafka's client itself tries. */
    private static final long PATIENCE_S = 60;

    private static final int RETRY_SECONDS = 2;
    private static final long STOP_MILLIS = 10_000;
    private static final String STARTED = "started";

    private final Map<String, Lane> lanes;
    private final GatewayLimits limits;
    private final Budget budget;
    private final GatewayMetrics metrics;
    private final MonotonicTime time;
    private final Guard guard;
    private final Javalin javalin;

    /**
     * A stream's way to Kafka.
     *
     * @param contract types CSV cells and names the key
     * @param recordBytes key and value together that the topic takes
     */
    record Lane(Optional<Contract> contract, int recordBytes, StreamWriter writer) {}

    /**
     * Listens at once.
     *
     * @throws io.javalin.util.JavalinBindException if the port is taken
     */
    GatewayServer(
            Map<String, Lane> lanes, GatewayLimits limits, Budget budget, String token, int port, MonotonicTime time) {
        this.lanes = Map.copyOf(lanes);
        this.limits = limits;
        this.budget = budget;
        this.metrics = new GatewayMetrics(budget);
        this.time = time;
        this.guard = new Guard(token);
        lanes.forEach((stream, lane) -> metrics.watch(stream, lane.writer()));
        this.javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.http.prefer405over404 = true;
                    // What is being answered when it stops is answered to its end.
                    config.jetty.modifyServer(server -> server.setStopTimeout(STOP_MILLIS));
                    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
                    routes(config.routes);
                })
                .start("127.0.0.1", port);
    }

    private void routes(RoutesConfig routes) {
        routes.before(ctx -> ctx.attribute(STARTED, time.nanos()));
        routes.before(guard::admit);
        routes.post("/v1/streams/{stream}/records", this::records);
        routes.get(
                "/metrics",
                ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
        routes.get("/health", this::health);
        routes.exception(Refusal.class, (e, ctx) -> refuse(e, ctx));
        routes.exception(
                HttpResponseException.class,
                (e, ctx) -> refuse(
                        new Refusal(
                                e.getStatus(),
                                e.getStatus() == 405
                                        ? "this address does not answer to " + ctx.method()
                                        : "there is nothing here; records go to POST /v1/streams/STREAM/records"),
                        ctx));
        routes.exception(IOException.class, (e, ctx) -> {
            LOG.debug("a client went away", e);
            refuse(new Refusal(408, "the body did not arrive; nothing was written"), ctx);
        });
        routes.exception(RuntimeException.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
            refuse(new Refusal(500, "the gateway failed; its log says why"), ctx);
        });
        routes.after(this::count);
    }

    /** The port it took. */
    int port() {
        return javalin.port();
    }

    private void count(Context ctx) {
        Long started = ctx.attribute(STARTED);
        if (started != null && ctx.method().name().equals("POST")) {
            String stream = ctx.pathParamMap().getOrDefault("stream", "");
            metrics.answered(lanes.containsKey(stream) ? stream : "", ctx.statusCode(), time.nanos() - started);
        }
    }

    private void health(Context ctx) {
        Map<String, String> streams = new TreeMap<>();
        lanes.forEach((stream, lane) -> streams.put(stream, lane.writer().isReady() ? "up" : "down"));
        boolean up = !streams.containsValue("down");
        ctx.status(up ? 200 : 503);
        json(ctx, Map.of("status", up ? "up" : "down", "streams", streams));
    }

    private void records(Context ctx) throws IOException {
        guard.authorize(ctx);
        String stream = ctx.pathParam("stream");
        Lane lane = lanes.get(stream);
        if (lane == null) {
            throw new Refusal(
                    404,
                    "no stream " + Quote.of(stream) + " here; this gateway takes "
                            + String.join(", ", lanes.keySet().stream().sorted().toList()));
        }
        Format format = Intake.format(ctx.header("Content-Type"));
        boolean gzip = Intake.gzip(ctx.header("Content-Encoding"));
        Optional<Turn> turn = Intake.turn(ctx.header("Winnow-Client"), ctx.header("Winnow-Sequence"));
        Budget.Lease lease = budget.lease();
        boolean handedOver = false;
        try {
            byte[] body = Body.read(ctx.req().getInputStream(), gzip, limits, lease);
            String digest = turn.isPresent() ? sha256(body) : "";
            List<FileRecord> records = Intake.records(body, format, lane.contract(), limits, lane.recordBytes(), lease);
            Submission request = new Submission(turn, digest, records, lease);
            StreamWriter.Taken taken = lane.writer().take(request);
            handedOver = !taken.repeated();
            answer(ctx, stream, taken);
        } finally {
            if (!handedOver) {
                lease.close();
            }
        }
    }

    private void answer(Context ctx, String stream, StreamWriter.Taken taken) {
        Receipt receipt = await(taken.request().outcome());
        if (taken.repeated()) {
            ctx.header("Winnow-Repeated", "true");
            metrics.repeated(stream);
        } else {
            metrics.accepted(stream, receipt.records(), taken.request().bytes());
        }
        ctx.contentType("application/json; charset=utf-8").result(receipt.json(stream));
    }

    private static Receipt await(CompletableFuture<Receipt> outcome) {
        try {
            return outcome.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Refusal refusal ? refusal : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new Refusal(
                    503,
                    "Kafka has not acknowledged it within " + PATIENCE_S
                            + " s, and it is not known whether it was written;"
                            + " send it again, with the same Winnow-Client and Winnow-Sequence if it had them",
                    RETRY_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(
                    503, "the gateway is stopping, and it is not known whether it was written", RETRY_SECONDS);
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void refuse(Refusal refusal, Context ctx) {
        ctx.status(refusal.status());
        if (refusal.retryAfterSeconds() > 0) {
            ctx.header("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
        }
        if (refusal.status() == 415) {
            ctx.header("Accept-Encoding", "gzip");
        }
        json(ctx, Map.of("error", String.valueOf(refusal.getMessage())));
    }

    private static void json(Context ctx, Object value) {
        try {
            ctx.contentType("application/json; charset=utf-8").result(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of plain values can always be written", e);
        }
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
