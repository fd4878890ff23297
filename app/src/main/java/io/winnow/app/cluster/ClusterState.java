package io.winnow.app.cluster;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * How a cluster does, as its supervisor saw it last.
 *
 * @param phase how far the whole is
 * @param supervisor pid of the process that watches the others
 * @param bootstrap Kafka's addresses
 * @param roles each process, in the order of starting
 * @param jobs each stream's job
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterState(
        Phase phase, long supervisor, String bootstrap, List<RoleStatus> roles, List<JobStatus> jobs) {
    public ClusterState {
        roles = List.copyOf(roles);
        jobs = List.copyOf(jobs);
    }

    /** How far a cluster is. */
    public enum Phase {
        /** Not everything answers yet. */
        STARTING,
        /** Everything was up once; what dies is started again. */
        UP,
        /** Being stopped in order. */
        STOPPING
    }

    /** How far one process is. */
    public enum RoleState {
        /** It lives and does not answer yet. */
        STARTING,
        /** It answers on its port. */
        UP,
        /** It is dead and waits to be started again. */
        DOWN
    }

    /**
     * A process.
     *
     * @param role which
     * @param pid the newest process; 0 if there was none yet
     * @param state how far it is
     * @param startedMillis when it started, milliseconds since 1970; 0 if it never did
     * @param restarts how often it was started again
     * @param port where it answers
     */
    public record RoleStatus(Role role, long pid, RoleState state, long startedMillis, int restarts, int port) {}

    /**
     * A stream's job.
     *
     * @param stream whose
     * @param id Flink's name for it; empty before the first submission
     * @param state RUNNING only when every task runs; else what Flink says, or why there is none
     * @param submissions how often it was submitted
     */
    public record JobStatus(String stream, String id, String state, int submissions) {
        /** What {@link #state} says when every task runs. */
        public static final String RUNNING = "RUNNING";
    }

    /** Whether every process answers and every job runs. */
    public boolean isWhole() {
        return roles.stream().allMatch(r -> r.state() == RoleState.UP)
                && jobs.stream().allMatch(j -> j.state().equals(JobStatus.RUNNING));
    }
}
