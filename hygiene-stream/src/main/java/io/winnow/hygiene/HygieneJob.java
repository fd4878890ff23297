package io.winnow.hygiene;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.checkpoint.Checkpoints;
import io.winnow.hygiene.judge.JudgeRules;
import io.winnow.hygiene.kafka.ClusterLimits;
import io.winnow.hygiene.kafka.FirstProfile;
import io.winnow.hygiene.kafka.KafkaEnds;
import io.winnow.hygiene.kafka.Preflight;
import io.winnow.hygiene.lease.Lease;
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
     * A job graph, ready to be submitted, of a stream whose lease is had. Checks the cluster, and publishes a first profile if
     * rows are waiting and there is none.
     *
     * @param takeOver whether the lease is taken from a job that runs
     * @throws HygieneStartException if the job could not run: one line that says why and what to do
     */
    public static Prepared prepare(HygieneConfig config, boolean takeOver) {
        Start start = start(config, takeOver);
        try {
            StreamExecutionEnvironment env = new StreamExecutionEnvironment(settings(config));
            start.define(env);
            return new Prepared(env.getStreamGraph().getJobGraph(), start);
        } catch (RuntimeException e) {
            start.abandon();
            throw e;
        }
    }

    /**
     * A job that can be submitted, once. To be closed when that has been done, or has failed.
     *
     * @param graph the job
     * @param start its start
     */
    public record Prepared(JobGraph graph, Start start) implements AutoCloseable {
        @Override
        public void close() {
            start.close();
        }
    }

    /**
     * Checks the cluster and takes the stream's lease: before anything of the job touches a transaction, and before the
     * newest checkpoint is looked for, which until then may still change.
     *
     * @param takeOver whether the lease is taken from a job that runs
     * @throws HygieneStartException if the job could not run
     */
    public static Start start(HygieneConfig config, boolean takeOver) {
        ClusterLimits limits = Preflight.check(config);
        StreamTopics topics = StreamTopics.of(config.contract());
        return new Start(config, limits, Lease.take(config.kafka(), topics.leases(), topics.stream(), takeOver));
    }

    /** A job being started, by whoever has its stream's lease until the job itself keeps it. */
    public static final class Start implements AutoCloseable {
        private final HygieneConfig config;
        private final ClusterLimits limits;
        private final Lease lease;

        private Start(HygieneConfig config, ClusterLimits limits, Lease lease) {
            this.config = config;
            this.limits = limits;
            this.lease = lease;
        }

        /**
         * Adds the job to an environment that was made with {@link HygieneJob#settings} after this start.
         *
         * @throws HygieneStartException if the job could not run
         */
        public void define(StreamExecutionEnvironment env) {
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
            HygieneTopology.define(env, KafkaEnds.of(config, limits), rules, lease.tenure());
            lease.check();
        }

        /** Gives the lease back: there will be no job. */
        public void abandon() {
            lease.abandon();
        }

        /** Leaves the lease to the job. */
        @Override
        public void close() {
            lease.close();
        }
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
        c.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        // A failure a minute later is no sequel: its restart is as quick as the first.
        c.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofSeconds(30));

        Checkpoints.newest(config.checkpointDir()).ifPresent(newest -> {
            c.set(StateRecoveryOptions.SAVEPOINT_PATH, newest.toUri().toString());
            // A checkpoint is claimed: deleted once newer ones are there, like any other. A savepoint is somebody's way
            // back.
            c.set(
                    StateRecoveryOptions.RESTORE_MODE,
                    Checkpoints.isSavepoint(newest) ? RecoveryClaimMode.NO_CLAIM : RecoveryClaimMode.CLAIM);
        });
        c.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                Checkpoints.savepoints(config.checkpointDir()).toUri().toString());
        return c;
    }
}
