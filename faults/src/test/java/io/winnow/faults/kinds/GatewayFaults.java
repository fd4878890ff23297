package io.winnow.faults.kinds;

import io.winnow.app.Winnow;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.kafka.Ports;
import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Rows;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Child;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The HTTP gateway killed between what Kafka acknowledged and what it answers. */
final class GatewayFaults {
    private static final int REQUESTS = 60;
    private static final int ROWS = 50;
    private static final int KILLS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    static final List<FaultKind> KINDS = List.of(new FaultKind(
            "gateway-killed",
            "SIGKILL of the HTTP gateway while a request is on its way, four times; the client asks again",
            2,
            GatewayFaults::killed));

    private GatewayFaults() {}

    private static Outcome killed(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        run.submit(2);
        Gateway gateway = new Gateway(run);
        Rows rows = Rows.ordinary(run.seed());
        BitSet sent = new BitSet();
        for (int request = 0; request < REQUESTS; request++) {
            StringBuilder body = new StringBuilder();
            for (int n = request * ROWS; n < (request + 1) * ROWS; n++) {
                body.append(new String(rows.value(n), StandardCharsets.UTF_8)).append('\n');
            }
            boolean fatal = request % (REQUESTS / KILLS) == REQUESTS / KILLS / 2;
            if (fatal) {
                gateway.killSoon(run.random().nextInt(30));
            }
            boolean answered = gateway.post(request, body.toString());
            if (fatal) {
                gateway.restart();
                // Whether it was answered or not: a client that lost the answer cannot know.
                answered = false;
            }
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!answered) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("request " + request + " is never answered");
                }
                TimeUnit.MILLISECONDS.sleep(50);
                gateway.watch();
                answered = gateway.post(request, body.toString());
            }
            sent.set(request * ROWS, (request + 1) * ROWS);
        }
        run.acknowledged(sent);
        return run.settle();
    }

    /** The gateway's process, and a client of it. */
    private static final class Gateway {
        private final Run run;
        private final Path data;
        private final int port = Ports.free(0, "the gateway");
        private final String token;
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private Child child;
        private Thread killer = new Thread();
        private long killed;

        Gateway(Run run) throws IOException {
            this.run = run;
            this.data = Files.createDirectories(run.directory().resolve("gateway"));
            this.token = DataDirectory.token(data);
            this.child = spawn();
        }

        private Child spawn() throws IOException {
            return run.closing(Child.start(
                    Winnow.class,
                    "256m",
                    data.resolve("out.txt"),
                    Map.of(),
                    List.of(
                            "ingest",
                            "--http",
                            "--stream",
                            run.stream(),
                            "--port",
                            String.valueOf(port),
                            "--bootstrap",
                            String.valueOf(run.kafka().get("bootstrap.servers")),
                            "--data",
                            data.toString())));
        }

        void killSoon(int millis) {
            Child victim = child;
            killer = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(millis);
                    killed = System.nanoTime();
                    victim.kill();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            killer.start();
        }

        void restart() throws Exception {
            killer.join();
            child = spawn();
            Patience.await("the gateway answers", PATIENCE, () -> {
                try {
                    return http.send(
                                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                                                    .build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            > 0;
                } catch (IOException e) {
                    watch();
                    return false;
                }
            });
            run.harmed((System.nanoTime() - killed) / 1e9);
        }

        /** One that does not reach Kafka soon ends: another one is started. */
        void watch() throws IOException {
            if (!child.isAlive()) {
                child = spawn();
            }
        }

        /** Whether the request was answered with success. */
        boolean post(int sequence, String body) throws InterruptedException {
            try {
                return http.send(
                                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/streams/"
                                                        + run.stream() + "/records"))
                                                .header("Content-Type", "application/x-ndjson")
                                                .header("Authorization", "Bearer " + token)
                                                .header("Winnow-Client", "meter-1")
                                                .header("Winnow-Sequence", String.valueOf(sequence))
                                                .timeout(Duration.ofSeconds(30))
                                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
