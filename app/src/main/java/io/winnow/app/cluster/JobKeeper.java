package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.JobStatus;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

        Entry(ClusterPlan.Stream stream) {
            this.stream = stream;
            this.status = new JobStatus(stream.contract().stream(), "", "WAITING", 0);
        }
    }

    JobKeeper(ClusterPlan plan, JobManagerClient jobManager) {
        this.plan = plan;
        this.jobManager = jobManager;
        plan.streams().forEach(stream -> entries.add(new Entry(stream)));
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
        JobStatus before = entry.status;
        say(entry, "SUBMITTING");
        try {
            String id =
                    jobManager.submit(HygieneJob.prepare(config(entry.stream))).toHexString();
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

    private HygieneConfig config(ClusterPlan.Stream stream) {
        return new HygieneConfig(
                stream.contract(),
                plan.kafka(),
                plan.job().parallelism(),
                Duration.ofMillis(plan.job().checkpointMillis()),
                plan.job().exactlyOnce(),
                Path.of(plan.directory(), "checkpoints", stream.contract().stream()),
                plan.seed());
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
    }
}
