package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.JobStatus;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneStartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every stream's job running: what is wanted is compared with what the JobManager has, and a job that is not there
 * is submitted, to go on from its newest complete checkpoint. A JobManager that was killed has none, and a job that failed
 * for good is not there either: one rule mends both.
 */
final class JobKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobKeeper.class);
    private static final long LOOK_EVERY_MS = 500;
    /** A job that cannot start is tried again, but not so often that its log fills the disk. */
    private static final long PAUSE_MS = 5_000;

    private static final String PRODUCER_BYTES = "" + (24 << 20);

    private final ClusterPlan plan;
    private final JobManagerClient jobManager;
    private final List<Entry> entries = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "job-keeper");
    private volatile boolean closed;

    /** What is known of one stream's job. */
    private static final class Entry {
        private final ClusterPlan.Stream stream;
        private volatile JobStatus status;
        private long notBefore = System.nanoTime();
        private boolean takeOver;
        /** Beats for the job until the job does. */
        private HygieneJob.@Nullable Prepared started;

        Entry(ClusterPlan.Stream stream, boolean takeOver) {
            this.stream = stream;
            this.takeOver = takeOver;
            this.status = new JobStatus(stream.contract().stream(), "", "WAITING", 0);
        }
    }

    /**
     * Keeps the jobs of a plan.
     *
     * @param takeOver whether the first submission of each ends a job of the stream that runs elsewhere
     */
    JobKeeper(ClusterPlan plan, JobManagerClient jobManager, boolean takeOver) {
        this.plan = plan;
        this.jobManager = jobManager;
        plan.streams().forEach(stream -> entries.add(new Entry(stream, takeOver)));
        thread.setDaemon(true);
    }

    /** Begins. */
    void start() {
        thread.start();
    }

    /** Each stream's job. */
    List<JobStatus> statuses() {
        return entries.stream().map(e -> e.status).toList();
    }

    private void run() {
        while (!closed) {
            try {
                look();
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look() throws InterruptedException {
        Map<String, JobManagerClient.Job> jobs;
        try {
            jobs = jobManager.jobs();
        } catch (Failure e) {
            entries.forEach(entry -> say(entry, "JOBMANAGER AWAY"));
            return;
        }
        for (Entry entry : entries) {
            if (closed) {
                return;
            }
            JobManagerClient.Job job = jobs.get(HygieneJob.name(entry.stream.contract().stream()));
            if (job == null) {
                submit(entry);
            } else {
                see(entry, job);
            }
        }
    }

    private void see(Entry entry, JobManagerClient.Job job) {
        String state = job.state().name();
        try {
            if (state.equals(JobStatus.RUNNING) && !jobManager.runs(job.id())) {
                state = "DEPLOYING";
            }
        } catch (Failure e) {
            state = "JOBMANAGER AWAY";
        }
        entry.status = new JobStatus(entry.status.stream(), job.id().toHexString(), state, entry.status.submissions());
    }

    private void submit(Entry entry) {
        if (System.nanoTime() < entry.notBefore) {
            return;
        }
        if (JobHold.isHeld(plan.home())) {
            say(entry, "HELD");
            return;
        }
        JobStatus before = entry.status;
        say(entry, "SUBMITTING");
        try {
            handOver(entry);
            HygieneJob.Prepared job = HygieneJob.prepare(config(entry.stream), entry.takeOver);
            entry.started = job;
            String id = jobManager.submit(job.graph()).toHexString();
            entry.takeOver = false;
            LOG.info("submitted the job of stream {} as {}", before.stream(), id);
            entry.status = new JobStatus(before.stream(), id, "CREATED", before.submissions() + 1);
        } catch (Failure | HygieneStartException e) {
            LOG.warn("the job of stream {} was not submitted: {}", before.stream(), e.getMessage());
            say(entry, "REFUSED: " + e.getMessage());
            entry.notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
        } catch (RuntimeException e) {
            LOG.warn("the job of stream {} was not submitted", before.stream(), e);
            say(entry, "FAILED: " + e);
            entry.notBefore = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS);
        }
    }

    private static void handOver(Entry entry) {
        if (entry.started != null) {
            entry.started.close();
            entry.started = null;
        }
    }

    private HygieneConfig config(ClusterPlan.Stream stream) {
        // Read anew, for a command may have changed it.
        ClusterPlan.Job job =
                ClusterFiles.plan(plan.home()).map(ClusterPlan::job).orElse(plan.job());
        return new HygieneConfig(
                stream.contract(),
                kafka(),
                job.parallelism(),
                Duration.ofMillis(job.checkpointMillis()),
                job.exactlyOnce(),
                plan.checkpoints(stream),
                plan.seed());
    }

    /** A small TaskManager may have to carry all subtasks, each with two producers: their buffers must fit into its heap. */
    private Map<String, String> kafka() {
        Map<String, String> kafka = new HashMap<>(plan.kafka());
        kafka.put("buffer.memory", PRODUCER_BYTES);
        return kafka;
    }

    private static void say(Entry entry, String state) {
        JobStatus s = entry.status;
        entry.status = new JobStatus(s.stream(), s.id(), state, s.submissions());
    }

    /** Looks no more; the jobs run on. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        entries.forEach(JobKeeper::handOver);
    }
}
