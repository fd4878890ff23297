package io.winnow.app.system;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.MountableFile;

/**
 * The same against Kafka's and Flink's own images: the job runs in a JobManager and a TaskManager of their own, with the
 * class path that the Dockerfile gives it. Skipped where there is no Docker.
 */
@Testcontainers(disabledWithoutDocker = true)
class WholePathOnContainersIT extends WholePathContract {
    private static final Network NETWORK = Network.newNetwork();

    @Container
    private static final KafkaContainer KAFKA =
            new KafkaContainer("apache/kafka:4.2.2").withNetwork(NETWORK).withListener("kafka:19092");

    /** What the job needs and Flink's image lacks. */
    private static final Pattern JOB_JARS = Pattern.compile("(core|hygiene-stream|flink-connector|kafka-clients|jackson"
            + "|snakeyaml-engine|fastcsv|lz4-java|snappy-java|zstd-jni|jspecify)-.*\\.jar");

    private static final String START_JOB = "bin/standalone-job.sh start-foreground"
            + " --job-classname io.winnow.hygiene.HygieneMain --contract /tmp/mill.yaml --bootstrap kafka:19092"
            + " --checkpoints /tmp/checkpoints --parallelism 2 &"
            + " exec bin/taskmanager.sh start-foreground -Dtaskmanager.numberOfTaskSlots=2";

    private final GenericContainer<?> flink = new GenericContainer<>("flink:2.2.1-java17")
            .withNetwork(NETWORK)
            .withCopyToContainer(Transferable.of(Mill.YAML), "/tmp/mill.yaml")
            .withCommand("bash", "-c", START_JOB);

    @Override
    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", KAFKA.getBootstrapServers());
    }

    @Override
    boolean jobRunsHere() {
        return false;
    }

    @Override
    void startJob() {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (JOB_JARS.matcher(jar.getFileName().toString()).matches()) {
                flink.withCopyFileToContainer(MountableFile.forHostPath(jar), "/opt/flink/usrlib/" + jar.getFileName());
            }
        }
        flink.start();
    }

    @AfterAll
    void stopJob() {
        flink.stop();
        NETWORK.close();
    }
}
