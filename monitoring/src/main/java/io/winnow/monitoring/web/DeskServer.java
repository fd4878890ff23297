package io.winnow.monitoring.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.NotReadyException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The desk's HTTP side, on 127.0.0.1. */
public final class DeskServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeskServer.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final String stream;
    private final CaseView cases;
    private final Decisions decisions;
    private final DeskMetrics metrics;
    private final BooleanSupplier healthy;
    private final Clock clock;
    private final Guard guard;
    private final Page page = new Page();
    private final Javalin javalin;

    /**
     * Listens at once.
     *
     * @param stream the stream's name
     * @param cases where cases are read
     * @param log where decisions are written
     * @param metrics what {@code /metrics} says
     * @param healthy whether the desk does its work
     * @param token what every POST must bring
     * @param port 0 for any free one
     * @param clock tells ages, and the time of decisions
     * @throws io.javalin.util.JavalinBindException if the port is taken
     */
    public DeskServer(
            String stream,
            CaseView cases,
            DecisionLog log,
            DeskMetrics metrics,
            BooleanSupplier healthy,
            String token,
            int port,
            Clock clock) {
        this.stream = stream;
        this.cases = cases;
        this.decisions = new Decisions(cases, log, clock, metrics);
        this.metrics = metrics;
        this.healthy = healthy;
        this.clock = clock;
        this.guard = new Guard(token);
        this.javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    routes(config.routes);
                })
                .start("127.0.0.1", port);
    }

    private void routes(RoutesConfig routes) {
        routes.before(guard::admit);
        routes.get("/api/v1/cases", this::list);
        routes.get("/api/v1/regime", ctx -> json(ctx, RegimeJson.of(cases.regime())));
        routes.get("/api/v1/cases/<id>/value", this::value);
        routes.get("/api/v1/cases/<id>", this::one);
        routes.post("/api/v1/decisions", this::decide);
        routes.get(
                "/metrics",
                ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape(cases)));
        routes.get("/health", this::health);
        routes.get("/", ctx -> ctx.html(page.list(ListPage.of(stream, CaseFilter.of(ctx), cases, clock.millis()))));
        routes.get("/cases/<id>", this::detail);
        routes.get(
                "/assets/desk.css",
                ctx -> ctx.contentType("text/css; charset=utf-8").result(page.css()));
        routes.get(
                "/assets/desk.js",
                ctx -> ctx.contentType("text/javascript; charset=utf-8").result(page.script()));
        routes.get(
                "/assets/htmx.js",
                ctx -> ctx.contentType("text/javascript; charset=utf-8").result(page.htmx()));
        routes.exception(Refusal.class, (e, ctx) -> refuse(ctx, e));
        routes.exception(NotReadyException.class, (e, ctx) -> {
            ctx.header("Retry-After", "1");
            refuse(ctx, new Refusal(503, String.valueOf(e.getMessage())));
        });
        routes.exception(RuntimeException.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
            refuse(ctx, new Refusal(500, "the desk failed; its log says why"));
        });
    }

    /** The port it took. */
    public int port() {
        return javalin.port();
    }

    private void list(Context ctx) {
        CaseView.Page found = cases.page(CaseFilter.of(ctx).query());
        json(
                ctx,
                new CaseJson.PageJson(
                        found.cases().stream().map(c -> CaseJson.of(c, null)).toList(),
                        found.next() == null ? null : found.next().toString()));
    }

    private void one(Context ctx) {
        Case found = find(ctx);
        json(ctx, CaseJson.of(found, record(found)));
    }

    /** The producer's bytes as a file, never as something that a browser would show or run. */
    private void value(Context ctx) {
        Case found = find(ctx);
        KeptRecord kept = record(found);
        byte[] value = kept == null ? null : kept.value();
        if (value == null) {
            throw new Refusal(404, "this record has no value here");
        }
        String name = found.topic() + "-" + found.partition() + "-" + found.offset() + ".value";
        ctx.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
        ctx.contentType("application/octet-stream").result(value);
    }

    private void detail(Context ctx) {
        Case found = find(ctx);
        ctx.html(page.detail(CasePage.of(stream, found, record(found), clock.millis())));
    }

    private Case find(Context ctx) {
        RecordId id;
        try {
            id = RecordId.parse(ctx.pathParam("id"));
        } catch (IllegalArgumentException e) {
            throw new Refusal(404, "no such case: an id reads topic/partition/offset");
        }
        return cases.find(id).orElseThrow(() -> new Refusal(404, "no case for this record"));
    }

    private @org.jspecify.annotations.Nullable KeptRecord record(Case found) {
        return cases.record(found.id()).orElse(null);
    }

    private void decide(Context ctx) {
        guard.authorize(ctx);
        List<Decisions.Taken> taken = decisions.take(DecisionRequest.parse(ctx.bodyAsBytes()));
        json(ctx, Map.of("decisions", taken));
    }

    private void health(Context ctx) {
        boolean up = healthy.getAsBoolean();
        ctx.status(up ? 200 : 503);
        json(ctx, Map.of("status", up ? "up" : "down", "stream", stream));
    }

    private static void refuse(Context ctx, Refusal refusal) {
        ctx.status(refusal.status());
        json(
                ctx,
                refusal.recordIds().isEmpty()
                        ? Map.of("error", String.valueOf(refusal.getMessage()))
                        : Map.of(
                                "error", String.valueOf(refusal.getMessage()),
                                "recordIds", refusal.recordIds()));
    }

    private static void json(Context ctx, Object value) {
        try {
            ctx.contentType("application/json; charset=utf-8").result(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
