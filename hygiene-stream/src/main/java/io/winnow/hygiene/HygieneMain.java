package io.winnow.hygiene;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What {@code flink run} starts. */
public final class HygieneMain {
    private HygieneMain() {}

    /**
     * Submits the job: {@code --contract FILE --bootstrap HOSTS --checkpoints DIR [--kafka-properties FILE]
     * [--parallelism N] [--checkpoint-millis N] [--delivery exactly-once|at-least-once] [--seed N] [--take-over]}. The properties are those of Kafka's own clients, so that no
     * secret stands on the command line.
     *
     * @throws HygieneStartException if the job could not run
     * @throws io.winnow.core.contract.ContractException if the contract cannot be used
     */
    public static void main(String[] args) throws Exception {
        HygieneConfig config = JobOptions.parse(args);
        HygieneJob.Start start = HygieneJob.start(config, JobOptions.takesOver(args));
        try (start) {
            StreamExecutionEnvironment env =
                    StreamExecutionEnvironment.getExecutionEnvironment(HygieneJob.settings(config));
            start.define(env);
            env.execute(HygieneJob.name(config));
        } catch (HygieneStartException e) {
            start.abandon();
            throw e;
        }
    }
}
