package org.apache.flink.metrics.prometheus;

import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Flink's Prometheus reporter, listening on 127.0.0.1 only: Flink's own binds to every interface and cannot be told not
 * to. It stands in Flink's package because the registry of the class that it extends is visible only there.
 */
final class LoopbackPrometheusReporter extends AbstractPrometheusReporter {
    private final HTTPServer server;

    LoopbackPrometheusReporter(int port) {
        try {
            server = new HTTPServer(new InetSocketAddress("127.0.0.1", port), registry, true);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port " + port + " on 127.0.0.1 is in use, so Flink's metrics cannot listen there", e);
        }
    }

    @Override
    public void close() {
        server.stop();
        super.close();
    }
}
