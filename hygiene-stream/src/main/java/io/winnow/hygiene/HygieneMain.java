package io.winnow.hygiene;

import io.winnow.core.contract.ContractReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/** What {@code flink run} starts. */
public final class HygieneMain {
    private HygieneMain() {}

    /**
     * Submits the job: {@code --contract FILE --bootstrap HOSTS --checkpoints DIR [--parallelism N]
     * [--checkpoint-millis N] [--seed N]}.
     */
    public static void main(String[] args) throws Exception {
        ParameterTool options = ParameterTool.fromArgs(args);
        HygieneConfig config = new HygieneConfig(
                ContractReader.read(Path.of(options.getRequired("contract"))),
                Map.of("bootstrap.servers", options.getRequired("bootstrap")),
                options.getInt("parallelism", 2),
                Duration.ofMillis(options.getLong("checkpoint-millis", 1_000)),
                true,
                Path.of(options.getRequired("checkpoints")),
                options.getLong("seed", 0));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(HygieneJob.settings(config));
        HygieneJob.define(env, config);
        env.execute(HygieneJob.name(config));
    }
}
