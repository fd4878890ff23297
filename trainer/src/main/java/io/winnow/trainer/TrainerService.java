package io.winnow.trainer;

import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Hyperparameters;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retrains a stream's model as clean rows come, and publishes what is better. One in a process: PyTorch's gradients and
 * random numbers are process-wide, and a native abort ends the process.
 */
public final class TrainerService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerService.class);

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Clients clients;
    private final TrainerMetrics metrics;
    private final Thread thread;

    private TrainerService(TrainerConfig config, Clients clients, InstantSource clock, Hyperparameters hyper)
            throws IOException {
        this.clients = clients;
        this.metrics = new TrainerMetrics(config.contract().stream(), config.metricsPort());
        TrainerLoop loop = new TrainerLoop(config, clients, clock, metrics, hyper, stopped::get);
        thread = new Thread(() -> run(loop), "trainer-" + config.contract().stream());
    }

    /**
     * Starts a trainer; it runs until it is closed.
     *
     * @throws IOException if the metrics port is taken
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
        service.thread.start();
        return service;
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

    /** The port of {@code /metrics} on 127.0.0.1. */
    public int metricsPort() {
        return metrics.port();
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

    /** Ends a training under way after its current epoch, without a model, and lets go of everything. */
    @Override
    public void close() {
        stopped.set(true);
        clients.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        clients.close();
        metrics.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
