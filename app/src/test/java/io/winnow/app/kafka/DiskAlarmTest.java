package io.winnow.app.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskAlarmTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path log;

    private DiskShare share;

    @BeforeEach
    void start() {
        share = new DiskShare(log, 10 * MIB);
    }

    private void fill(int kib) throws IOException {
        Files.createDirectories(log.resolve("s.raw-0"));
        Files.write(log.resolve("s.raw-0/00.log"), new byte[kib << 10]);
    }

    @Test
    void countsRecordsAndNotTheEmptyIndexesBesideThem() throws IOException {
        fill(100);
        Files.write(log.resolve("s.raw-0/00.index"), new byte[MIB]);
        assertThat(share.usedBytes()).isEqualTo(100 << 10);
    }

    @Test
    void soundsOnceAtNinetyPercentAndAgainOnlyAfterACalm() throws IOException {
        DiskAlarm alarm = new DiskAlarm(share);
        fill(9 * 1024);
        assertThat(alarm.look())
                .hasValueSatisfying(line -> assertThat(line)
                        .contains("9 MiB", "90 %", "10 MiB", log.toString())
                        .doesNotContain("\n"));
        fill(9 * 1024 + 512);
        assertThat(alarm.look()).isEmpty();
        fill(8 * 1024 + 900);
        assertThat(alarm.look()).isEmpty();
        fill(9 * 1024 + 512);
        assertThat(alarm.look()).isEmpty();
        fill(8 * 1024);
        assertThat(alarm.look()).isEmpty();
        fill(9 * 1024 + 512);
        assertThat(alarm.look()).isPresent();
    }

    @Test
    void aLogThatIsNotThereYetTakesNothing() {
        assertThat(new DiskShare(log.resolve("none"), MIB).usedBytes()).isZero();
    }
}
