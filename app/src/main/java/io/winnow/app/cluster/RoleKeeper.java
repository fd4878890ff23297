package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.RoleState;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.app.kafka.Ports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one process alive. Not thread-safe: its cluster looks after all of them in turn. */
final class RoleKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(RoleKeeper.class);
    private static final int CONNECT_MS = 500;
    /** Who ends this often without ever having answered will not answer. */
    private static final int HOPELESS = 3;

    private final ClusterPlan plan;
    private final Role role;
    private @Nullable Process process;
    private RoleState state = RoleState.DOWN;
    private Backoff backoff = Backoff.FRESH;
    private long startedMillis;
    private long startedNanos;
    private long startAtNanos = System.nanoTime();
    private int starts;
    private boolean everUp;
    private boolean told;

    RoleKeeper(ClusterPlan plan, Role role) {
        this.plan = plan;
        this.role = role;
    }

    Role role() {
        return role;
    }

    /** Looks at the process, and starts it if there is none and the time has come. */
    void look() {
        if (process != null && !process.isAlive()) {
            buried(process);
            process = null;
        }
        if (process == null) {
            if (System.nanoTime() - startAtNanos >= 0) {
                start();
            }
        } else if (state == RoleState.STARTING && answers()) {
            LOG.info("{} is up (process {})", role, process.pid());
            state = RoleState.UP;
            everUp = true;
        }
    }

    private void start() {
        try {
            process = RoleProcesses.start(plan.home(), role.name(), Launch.of(plan, role));
        } catch (Failure e) {
            LOG.error("{}", e.getMessage());
            startAtNanos = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            return;
        }
        starts++;
        state = RoleState.STARTING;
        startedMillis = System.currentTimeMillis();
        startedNanos = System.nanoTime();
    }

    private void buried(Process ended) {
        backoff = backoff.afterDeath(Duration.ofNanos(System.nanoTime() - startedNanos));
        startAtNanos = System.nanoTime() + backoff.pause().toNanos();
        state = RoleState.DOWN;
        LOG.warn(
                "{} (process {}) ended with {}; it starts again in {} ms",
                role,
                ended.pid(),
                ended.exitValue(),
                backoff.pause().toMillis());
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.LOOPBACK, plan.port(role)), CONNECT_MS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Why it never answers, if it is clear that it will not. */
    Optional<String> hopeless() {
        return everUp || backoff.earlyDeaths() < HOPELESS ? Optional.empty() : Optional.of(diagnosis());
    }

    /** A line for a person, once, when it dies again and again. */
    Optional<String> complaint() {
        if (backoff.earlyDeaths() < HOPELESS) {
            told = false;
            return Optional.empty();
        }
        boolean first = !told;
        told = true;
        return first ? Optional.of(diagnosis()) : Optional.empty();
    }

    private String diagnosis() {
        String words = RoleProcesses.lastWords(plan.home(), role.name());
        return role + " ends again and again" + (words.isEmpty() ? "" : " (" + words + ")") + "; "
                + plan.home().resolve(role + ".log") + " says more";
    }

    /** The process that runs now, if one does. */
    Optional<ProcessHandle> handle() {
        return Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle);
    }

    RoleStatus status() {
        return new RoleStatus(
                role,
                process == null ? 0 : process.pid(),
                state,
                startedMillis,
                Math.max(0, starts - 1),
                plan.port(role));
    }
}
