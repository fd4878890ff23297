package io.winnow.trainer.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.trainer.pictures.Picture;
import io.winnow.trainer.registry.Roster;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.LiveCard;
import io.winnow.trainer.store.ModelStore;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trainer's HTTP side, on 127.0.0.1. */
public final class TrainerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerServer.class);
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final long MAX_BODY_BYTES = 1 << 20;

    private final TrainerSide trainer;
    private final ModelStore store;
    private final Predictions predictions;
    private final InstantSource clock;
    private final Guard guard;
    private final Pages pages = new Pages();
    private final Javalin javalin;

    /** A model as JSON: its card, and what there is to say of it now. */
    private record Listed(@JsonUnwrapped ModelCard card, String mark) {}

    /**
     * Listens at once.
     *
     * @param trainer that it speaks for
     * @param store the stream's models, for reading
     * @param token what every POST must bring
     * @param port 0 for any free one
     * @param clock tells ages
     * @throws io.javalin.util.JavalinBindException if the port is taken
     */
    public TrainerServer(
            TrainerSide trainer,
            ModelStore store,
            Predictions predictions,
            String token,
            int port,
            InstantSource clock) {
        this.trainer = trainer;
        this.store = store;
        this.predictions = predictions;
        this.clock = clock;
        this.guard = new Guard(token);
        this.javalin = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.http.maxRequestSize = MAX_BODY_BYTES;
                    config.http.prefer405over404 = true;
                    routes(config.routes);
                })
                .start("127.0.0.1", port);
    }

    private void routes(RoutesConfig routes) {
        routes.before(guard::admit);
        routes.get(
                "/metrics",
                ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(trainer.metrics()));
        routes.get("/health", this::health);
        routes.get("/", ctx -> ctx.redirect("/models"));
        routes.get("/models", this::list);
        routes.get("/models/{id}", this::one);
        routes.get("/models/{id}/{picture}", this::picture);
        routes.get(
                "/assets/models.css",
                ctx -> ctx.contentType("text/css; charset=utf-8").result(pages.css()));
        routes.post("/retrain", this::retrain);
        routes.post("/predict", this::predict);
        routes.exception(Refusal.class, TrainerServer::refuse);
        routes.exception(MethodNotAllowedResponse.class, (e, ctx) -> {
            e.getDetails().values().forEach(methods -> ctx.header("Allow", methods));
            refuse(new Refusal(405, "this address does not answer to " + ctx.method()), ctx);
        });
        routes.exception(
                HttpResponseException.class,
                (e, ctx) -> refuse(new Refusal(e.getStatus(), Formatted.line(String.valueOf(e.getMessage()))), ctx));
        routes.exception(RuntimeException.class, (e, ctx) -> {
            LOG.error("{} {} failed", ctx.method(), ctx.endpoint().path, e);
            refuse(new Refusal(500, "the trainer failed; its log says why"), ctx);
        });
    }

    /** The port it took. */
    public int port() {
        return javalin.port();
    }

    private void health(Context ctx) {
        boolean up = trainer.healthy();
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", up ? "up" : "down");
        health.put("stream", trainer.stream());
        health.put("champion", trainer.roster().history().champion().orElse(null));
        ctx.status(up ? 200 : 503);
        json(ctx, health);
    }

    private void list(Context ctx) {
        Roster roster = trainer.roster();
        if (forPeople(ctx)) {
            ctx.html(pages.list(ListPage.of(trainer.stream(), roster, clock.millis())));
            return;
        }
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("stream", trainer.stream());
        list.put("champion", roster.history().champion().orElse(null));
        list.put("pinned", roster.history().pinned());
        list.put(
                "models",
                roster.cards().values().stream()
                        .map(card -> new Listed(card, roster.mark(card.id())))
                        .toList());
        json(ctx, list);
    }

    private void one(Context ctx) {
        Roster roster = trainer.roster();
        ModelCard card = card(ctx, roster);
        List<Picture> pictures = Stream.of(Picture.values())
                .filter(p -> store.picture(card.id(), p).isPresent())
                .toList();
        Optional<LiveCard> live = store.live(card.id());
        if (forPeople(ctx)) {
            ctx.html(pages.card(
                    CardPage.of(trainer.stream(), card, roster, pictures, damage(card.id()), live, clock.millis())));
            return;
        }
        List<Promotion> events = roster.history().events().stream()
                .filter(e -> e.modelId().equals(card.id()))
                .toList();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("card", card);
        model.put("mark", roster.mark(card.id()));
        model.put("events", events);
        model.put("live", live.orElse(null));
        model.put("pictures", pictures.stream().map(Picture::file).toList());
        json(ctx, model);
    }

    private String damage(String id) {
        try {
            store.load(id);
            return "";
        } catch (CorruptModelException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void picture(Context ctx) {
        ModelCard card = card(ctx, trainer.roster());
        byte[] png = Picture.ofFile(ctx.pathParam("picture"))
                .flatMap(p -> store.picture(card.id(), p))
                .orElseThrow(() -> new Refusal(404, "the model has no such picture"));
        ctx.contentType("image/png").result(png);
    }

    private static ModelCard card(Context ctx, Roster roster) {
        return Optional.ofNullable(roster.cards().get(ctx.pathParam("id")))
                .orElseThrow(() -> new Refusal(404, "no such model; /models lists them"));
    }

    private void retrain(Context ctx) {
        guard.authorize(ctx);
        trainer.retrain().ifPresent(why -> {
            throw new Refusal(409, why);
        });
        ctx.status(202);
        json(ctx, Map.of("asked", true));
    }

    private void predict(Context ctx) {
        guard.authorize(ctx);
        Roster roster = trainer.roster();
        String id = Optional.ofNullable(ctx.queryParam("model"))
                .or(() -> roster.history().champion())
                .orElseThrow(() -> new Refusal(409, "there is no champion yet; name a model with ?model=ID"));
        if (!roster.cards().containsKey(id)) {
            throw new Refusal(404, "no such model; /models lists them");
        }
        json(ctx, predictions.answer(id, ctx.bodyAsBytes()));
    }

    private static boolean forPeople(Context ctx) {
        String accept = ctx.header("Accept");
        ctx.header("Vary", "Accept");
        return accept != null && accept.contains("text/html");
    }

    private static void refuse(Refusal refusal, Context ctx) {
        ctx.status(refusal.status());
        json(ctx, Map.of("error", String.valueOf(refusal.getMessage())));
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
