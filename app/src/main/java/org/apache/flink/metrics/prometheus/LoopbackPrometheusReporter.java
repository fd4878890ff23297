package org.apache.flink.metrics.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.exporter.common.TextFormat;
import io.winnow.app.kafka.DiskShare;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Flink's Prometheus reporter, listening on 127.0.0.1 only and answering nothing but GET: Flink's own binds to every
 * interface and cannot be told not to. It stands in Flink's package because the registry of the class that it extends is
 * visible only there.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {
    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "flink-metrics-http");
        thread.setDaemon(true);
        return thread;
    });

    LoopbackPrometheusReporter(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port " + port + " on 127.0.0.1 is in use, so Flink's metrics cannot listen there", e);
        }
        server.setExecutor(thread);
        server.createContext("/metrics", this::answer);
        server.start();
    }

    /** Shows how much of its share of the disk the broker's log takes, measured at each scrape. */
    void show(DiskShare disk) {
        registry.register(new Collector() {
            @Override
            public List<MetricFamilySamples> collect() {
                return List.of(
                        new GaugeMetricFamily(
                                "winnow_data_bytes",
                                "Bytes of records on the embedded broker's disk",
                                disk.usedBytes()),
                        new GaugeMetricFamily("winnow_data_cap_bytes", "Bytes that they may take", disk.capBytes()));
            }
        });
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            ByteArrayOutputStream page = new ByteArrayOutputStream(1 << 16);
            try (OutputStreamWriter text = new OutputStreamWriter(page, StandardCharsets.UTF_8)) {
                TextFormat.write004(text, registry.metricFamilySamples());
            }
            exchange.getResponseHeaders().set("Content-Type", TextFormat.CONTENT_TYPE_004);
            exchange.sendResponseHeaders(200, page.size());
            page.writeTo(exchange.getResponseBody());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        super.close();
    }
}
