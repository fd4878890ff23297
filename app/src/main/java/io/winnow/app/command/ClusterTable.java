package io.winnow.app.command;

import io.winnow.app.cluster.ClusterState;
import io.winnow.app.cluster.ClusterState.JobStatus;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.text.Legible;
import java.util.Locale;

/** A cluster's state for a person. */
final class ClusterTable {
    private ClusterTable() {}

    static void print(Terminal terminal, ClusterState state) {
        long now = System.currentTimeMillis();
        terminal.line("%-14s %8s  %-9s %8s %9s %6s", "role", "pid", "state", "uptime", "restarts", "port");
        for (RoleStatus role : state.roles()) {
            boolean lives = role.state() != ClusterState.RoleState.DOWN;
            terminal.line(
                    "%-14s %8s  %-9s %8s %9d %6d",
                    role.role(),
                    lives ? "" + role.pid() : "-",
                    role.state().name().toLowerCase(Locale.ROOT),
                    lives ? Legible.age(now - role.startedMillis()) : "-",
                    role.restarts(),
                    role.port());
        }
        for (JobStatus job : state.jobs()) {
            terminal.line(
                    "job of %s: %s, submitted %d time%s",
                    job.stream(),
                    job.state().toLowerCase(Locale.ROOT),
                    job.submissions(),
                    job.submissions() == 1 ? "" : "s");
        }
    }
}
