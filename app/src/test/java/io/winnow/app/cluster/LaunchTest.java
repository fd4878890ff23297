package io.winnow.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
    @TempDir
    Path directory;

    @Test
    void a_command_line_says_whose_it_is_first_and_nothing_secret() {
        ClusterPlan plan = Plans.order(directory, 1, 1).plan(null);
        for (Role role : plan.roles()) {
            Launch launch = Launch.of(plan, role);
            assertThat(launch.command().subList(1, 3))
                    .containsExactly("-Dwinnow.cluster=" + plan.home(), "-Dwinnow.role=" + role.name());
            assertThat(launch.command()).contains("role", role.name(), "--data", plan.directory());
            // The operating system shows the first 4 KiB; the class path is longer and so not there.
            assertThat(String.join(" ", launch.command()))
                    .hasSizeLessThan(2_000)
                    .doesNotContain("token", "password");
            assertThat(launch.command()).filteredOn(w -> w.startsWith("-Xmx")).hasSize(1);
        }
    }

    @Test
    void the_supervisor_outlives_the_terminal() {
        ClusterPlan plan = Plans.order(directory, 1, 1).plan(null);
        Launch launch = Launch.supervisor(plan, true);
        assertThat(launch.command()).contains("cluster", "supervise", "--take-over");
        assertThat(Launch.supervisor(plan, false).command()).doesNotContain("--take-over");
        assertThat(launch.surviving().command()).endsWith(launch.command().toArray(new String[0]));
    }

    @Test
    void flink_reads_back_what_is_written_and_a_task_manager_has_all_that_it_insists_on() {
        ClusterPlan plan = Plans.order(directory, 1, 2).plan(null);
        ClusterKeys keys = new ClusterKeys(directory.resolve("it's a key"), "pass'word: #1");
        Map<String, String> settings = FlinkSettings.taskManager(plan, keys, new Role(Role.Kind.TASKMANAGER, 1));
        ClusterFiles.writeText(directory.resolve("config.yaml"), FlinkSettings.yaml(settings));
        Configuration read = GlobalConfiguration.loadConfiguration(directory.toString());
        settings.forEach((key, value) -> assertThat(read.toMap()).containsEntry(key, value));
        assertThat(read.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(4);
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(read);
        assertThat(memory.getJvmHeapMemorySize().getMebiBytes()).isEqualTo(Launch.TASKMANAGER_HEAP_MIB);
        assertThat(memory.getTotalProcessMemorySize().getMebiBytes()).isBetween(700, 1_000);
    }

    @Test
    void everything_of_flink_binds_to_loopback_and_asks_for_a_certificate() {
        ClusterPlan plan = Plans.order(directory, 1, 1).plan(null);
        ClusterKeys keys = new ClusterKeys(directory.resolve("key"), "secret");
        for (Map<String, String> settings : List.of(
                FlinkSettings.jobManager(plan, keys),
                FlinkSettings.taskManager(plan, keys, new Role(Role.Kind.TASKMANAGER, 0)))) {
            assertThat(settings)
                    .containsEntry("jobmanager.bind-host", "127.0.0.1")
                    .containsEntry("taskmanager.bind-host", "127.0.0.1")
                    .containsEntry("security.ssl.internal.enabled", "true")
                    .containsEntry("security.ssl.rest.enabled", "true")
                    .containsEntry("security.ssl.rest.authentication-enabled", "true");
        }
        assertThat(FlinkSettings.jobManager(plan, keys))
                .containsEntry("rest.bind-address", "127.0.0.1")
                .containsEntry("web.submit.enable", "false");
        assertThat(keys.toString()).doesNotContain("secret");
    }

    @Test
    void a_key_is_made_once_and_its_password_is_its_owners() throws Exception {
        ClusterKeys made = ClusterKeys.in(directory);
        assertThat(ClusterKeys.in(directory)).isEqualTo(made);
        java.security.KeyStore store = java.security.KeyStore.getInstance(
                made.store().toFile(), made.password().toCharArray());
        assertThat(store.getCertificate("winnow")).isNotNull();
        assertThat(java.nio.file.Files.getPosixFilePermissions(directory.resolve("flink.secret")))
                .allSatisfy(p -> assertThat(p.name()).startsWith("OWNER"));
    }

    @Test
    void who_dies_early_waits_longer_each_time_and_who_lived_starts_afresh() {
        Backoff backoff = Backoff.FRESH;
        Duration last = Duration.ZERO;
        for (int i = 1; i <= 12; i++) {
            backoff = backoff.afterDeath(Duration.ofMillis(300));
            assertThat(backoff.earlyDeaths()).isEqualTo(i);
            assertThat(backoff.pause()).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(Duration.ofSeconds(15));
            last = backoff.pause();
        }
        assertThat(last).isEqualTo(Duration.ofSeconds(15));
        assertThat(backoff.afterDeath(Duration.ofSeconds(60))).isEqualTo(Backoff.FRESH);
    }
}
