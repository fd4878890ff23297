package io.winnow.monitoring.ledger.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.winnow.core.access.Access;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger's HTTP side, on 127.0.0.1: it only answers, and nothing that a producer wrote is in its answers. */
final class LedgerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String stream;
    private final Board board;
    private final LedgerMetrics metrics;
    private final BooleanSupplier healthy;
    private final Javalin javalin;

    /** A request that is not served. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    /**
     * Listens at once.
     *
     * @param healthy whether the ledger does its work
     * @param port 0 for any free one
     * @throws io.javalin.util.JavalinBindException if the port is taken
     */
    LedgerServer(String stream, Board board, BooleanSupplier healthy, int port) {
        this.stream = stream;
        this.board = board;
        this.metrics = new LedgerMetrics(stream, board);
        this.healthy = healthy;
        this.javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    routes(config.routes);
                })
                .start("127.0.0.1", port);
    }

    private void routes(RoutesConfig routes) {
        routes.before(LedgerServer::admit);
        routes.get("/ledger", this::ledger);
        routes.get(
                "/metrics",
                ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
        routes.get("/health", this::health);
        routes.exception(Refused.class, (e, ctx) -> refuse(ctx, e));
        routes.exception(RuntimeException.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
            refuse(ctx, new Refused(500, "the ledger failed; its log says why"));
        });
    }

    private static void admit(Context ctx) {
        Access.headers().forEach(ctx::header);
        if (!Access.isLoopback(ctx.header("Host"))) {
            throw new Refused(403, "the ledger answers only to localhost, 127.0.0.1 and [::1]");
        }
        String method = ctx.req().getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            ctx.header("Allow", "GET, HEAD");
            throw new Refused(405, "the ledger is only read; GET /ledger, /metrics or /health");
        }
    }

    private void ledger(Context ctx) {
        if (!board.isReady()) {
            ctx.header("Retry-After", "2");
            throw new Refused(503, "the ledger reads the topics and has no balance yet; ask again in some seconds");
        }
        json(ctx, LedgerJson.of(stream, board));
    }

    private void health(Context ctx) {
        boolean up = healthy.getAsBoolean();
        ctx.status(up ? 200 : 503);
        json(ctx, Map.of("status", up ? "up" : "down", "stream", stream));
    }

    private static void refuse(Context ctx, Refused refused) {
        ctx.status(refused.status);
        json(ctx, Map.of("error", String.valueOf(refused.getMessage())));
    }

    private static void json(Context ctx, Object value) {
        try {
            ctx.contentType("application/json; charset=utf-8").result(JSON.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values can always be written", e);
        }
    }

    /** The port it took. */
    int port() {
        return javalin.port();
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
