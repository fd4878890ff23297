package io.winnow.hygiene;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.checkpoint.Checkpoints;
import io.winnow.hygiene.judge.JudgeRules;
import io.winnow.hygiene.kafka.ClusterLimits;
import io.winnow.hygiene.kafka.FirstProfile;
import io.winnow.hygiene.kafka.KafkaEnds;
import io.winnow.hygiene.kafka.Preflight;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job of one stream on Kafka: checked, configured, and resumed from its newest complete checkpoint. */
public final class HygieneJob {
    /** Rows, over all subtasks, that are learned at a time at most; at all but the highest rates the clock comes first. */
    private static final int LEARN_EVERY = 100_000;

    private HygieneJob() {}

    /** The job's name in Flink. */
    public static String name(HygieneConfig config) {
        return name(config.contract().stream());
    }

    /** The name in Flink of a stream's job. */
    public static String name(String stream) {
        return "winnow-hygiene-" + stream;
    }

    /**
     * A job graph, ready to be submitted. Checks the cluster, and publishes a first profile if rows are waiting and
     * there is none.
     *
     * @throws HygieneStartException if the job could not run: one line that says why and what to do
     */
    public static JobGraph prepare(HygieneConfig config) {
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(settings(config));
        define(env, config);
        return env.getStreamGraph().getJobGraph();
    }

    /**
     * Adds the job to an environment that was made with {@link #settings}; else as {@link #prepare}.
     *
     * @throws HygieneStartException if the job could not run
     */
    public static void define(StreamExecutionEnvironment env, HygieneConfig config) {
        ClusterLimits limits = Preflight.check(config);
        if (config.exactlyOnce()
                && limits.transactionTimeoutMillis()
                        < 10 * config.checkpointInterval().toMillis()) {
            throw new HygieneStartException("transaction.max.timeout.ms of the brokers is "
                    + limits.transactionTimeoutMillis() + ", too short for checkpoints every "
                    + config.checkpointInterval().toMillis() + " ms; make it longer, or checkpoint more often");
        }
        JudgeRules rules;
        try {
            rules = new JudgeRules(
                    ContractText.of(config.contract()),
                    LEARN_EVERY,
                    limits.cleanBytes(),
                    limits.quarantineBytes(),
                    config.sideDirectory().toString());
        } catch (IllegalArgumentException e) {
            throw new HygieneStartException(String.valueOf(e.getMessage()), e);
        }
        FirstProfile.ensure(config);
        HygieneTopology.define(env, KafkaEnds.of(config, limits), rules);
    }

    /**
     * Flink's settings for this job, the newest complete checkpoint to resume from included.
     *
     * @throws java.io.UncheckedIOException if the checkpoint directory cannot be read
     */
    public static Configuration settings(HygieneConfig config) {
        Configuration c = new Configuration();
        c.set(PipelineOptions.NAME, name(config));
        c.set(
                PipelineOptions.GLOBAL_JOB_PARAMETERS,
                Map.of(
                        "stream", config.contract().stream(),
                        "raw", StreamTopics.of(config.contract()).raw(),
                        "contract", config.contract().hash(),
                        "seed", String.valueOf(config.seed())));
        c.set(CoreOptions.DEFAULT_PARALLELISM, config.parallelism());
        c.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.STREAMING);
        c.set(PipelineOptions.OBJECT_REUSE, true);
        c.set(PipelineOptions.GENERIC_TYPES, false);
        c.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        c.set(StateBackendOptions.STATE_BACKEND, "hashmap");

        c.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        c.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                config.checkpointDir().toUri().toString());
        c.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpointInterval());
        c.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        c.set(CheckpointingOptions.MAX_CONCURRENT_CHECKPOINTS, 1);
        c.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3);
        c.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        // A checkpoint that fails is no reason to start over: the next one may succeed.
        c.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 100);

        // A broker may be away for long; nothing is gained by giving up.
        c.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofSeconds(1));
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(30));

        Checkpoints.newest(config.checkpointDir()).ifPresent(path -> {
            c.set(StateRecoveryOptions.SAVEPOINT_PATH, path.toUri().toString());
            // Claimed: deleted once newer ones are there, like any other.
            c.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
        return c;
    }
}
