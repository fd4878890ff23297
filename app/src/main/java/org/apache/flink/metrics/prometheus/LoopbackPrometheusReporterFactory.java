package org.apache.flink.metrics.prometheus;

import io.winnow.app.kafka.DiskShare;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Makes {@link LoopbackPrometheusReporter}s; Flink finds it as a service. Settings: {@code port}, and, where this process
 * runs a broker, {@code disk-log} and {@code disk-cap-bytes}.
 */
public final class LoopbackPrometheusReporterFactory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        LoopbackPrometheusReporter reporter =
                new LoopbackPrometheusReporter(Integer.parseInt(properties.getProperty("port")));
        String log = properties.getProperty("disk-log");
        if (log != null) {
            reporter.show(new DiskShare(Path.of(log), Long.parseLong(properties.getProperty("disk-cap-bytes"))));
        }
        return reporter;
    }
}
