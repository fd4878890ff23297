package io.winnow.trainer;

import io.javalin.util.JavalinBindException;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.registry.Roster;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.web.Predictions;
import io.winnow.trainer.web.TrainerServer;
import io.winnow.trainer.web.TrainerSide;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retrains a stream's model as clean rows come, and publishes what is better. One in a process: PyTorch's gradients and
 * random numbers are process-wide, and a native abort ends the process.
 */
public final class TrainerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);

    /** Longer than an epoch should take, and less than whoever spawned this process waits before killing it. */
    private static final Duration PATIENCE = Duration.ofSeconds(12);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Clients clients;
    private final TrainerMetrics metrics;
    private final TrainerServer server;
    private final Thread thread;
    private final Thread atExit;
    private boolean closed;

    private TrainerService(TrainerConfig config, Clients clients, InstantSource clock, Hyperparameters hyper)
            throws IOException {
        this.clients = clients;
        this.metrics = new TrainerMetrics(config.contract().stream(), clock);
        AtomicBoolean asked = new AtomicBoolean();
        TrainerLoop loop = new TrainerLoop(config, clients, clock, metrics, hyper, asked, stopped::get);
        ModelStore models = ModelStore.reading(config.modelsDir(), config.contract().stream());
        try {
            server = new TrainerServer(
                    side(config, loop, asked),
                    models,
                    new Predictions(config.contract(), models),
                    config.token(),
                    config.port(),
                    clock);
        } catch (JavalinBindException e) {
            throw new IOException("the trainer's port " + config.port() + " is taken; free it", e);
        }
        thread = new Thread(() -> run(loop), "trainer-" + config.contract().stream());
        // PyTorch's own clean-up at the process's end crashes if a training still runs.
        atExit = new Thread(this::close, "trainer-exit");
    }

    /**
     * Starts a trainer; it runs until it is closed.
     *
     * @throws IOException if the port is taken
     * @throws org.apache.kafka.common.KafkaException if the Kafka properties make no client
     */
    public static TrainerService start(TrainerConfig config) throws IOException {
        Devices.prepare(config.djlCache());
        LOG.info("PyTorch computes on {} with {} threads", Devices.chosen(), Devices.threads());
        Clients clients = Clients.connect(config.kafka());
        try {
            return start(config, clients, InstantSource.system(), Hyperparameters.DEFAULT);
        } catch (IOException e) {
            clients.close();
            throw e;
        }
    }

    static TrainerService start(TrainerConfig config, Clients clients, InstantSource clock, Hyperparameters hyper)
            throws IOException {
        TrainerService service = new TrainerService(config, clients, clock, hyper);
        Runtime.getRuntime().addShutdownHook(service.atExit);
        service.thread.start();
        return service;
    }

    private TrainerSide side(TrainerConfig config, TrainerLoop loop, AtomicBoolean asked) {
        return new TrainerSide() {
            @Override
            public String stream() {
                return config.contract().stream();
            }

            @Override
            public Roster roster() {
                return loop.registry().roster();
            }

            @Override
            public String metrics() {
                return metrics.page();
            }

            @Override
            public boolean healthy() {
                return !end.isDone() && !stopped.get();
            }

            @Override
            public Optional<String> retrain() {
                if (roster().history().pinned()) {
                    return Optional.of("the champion is pinned; unpin it first");
                }
                long rows = metrics.windowRows.get();
                int least = config.contract().training().minRows();
                if (rows < least) {
                    return Optional.of("the window has only " + rows + " rows, and a training needs " + least);
                }
                asked.set(true);
                return Optional.empty();
            }
        };
    }

    private void run(TrainerLoop loop) {
        try {
            loop.run();
            end.complete(null);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            LOG.error("the trainer cannot go on: {}", e.toString());
            end.completeExceptionally(e);
        }
    }

    /** The port of its pages on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** The text of {@code /metrics}. */
    String metricsPage() {
        return metrics.page();
    }

    /**
     * Waits until the trainer has ended: closed, or unable to go on.
     *
     * @throws IOException if it was unable to go on; the message is one line that says why
     * @throws InterruptedException if interrupted
     */
    public void awaitEnd() throws IOException, InterruptedException {
        try {
            end.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("the trainer cannot go on: " + cause, cause);
        }
    }

    /**
     * Ends a training under way after its current epoch, without a model, and lets go of everything. Any thread may call
     * it, also while another one does. Where the epoch takes longer than some seconds, nothing is let go of, for the
     * training still uses it: the trainer then ends by itself, or with its process.
     */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** The same with a patience of one's own; whether everything was let go of. */
    boolean close(Duration patience) {
        if (!stopped.getAndSet(true)) {
            clients.wakeup();
        }
        if (!ended(patience)) {
            LOG.warn("the training does not end within {} s; it is left to itself", patience.toSeconds());
            return false;
        }
        letGo();
        return true;
    }

    private boolean ended(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        while (thread.isAlive() && System.nanoTime() < deadline) {
            try {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    private synchronized void letGo() {
        if (closed) {
            return;
        }
        closed = true;
        server.close();
        clients.close();
        metrics.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            LOG.debug("the process ends already");
        }
    }
}
