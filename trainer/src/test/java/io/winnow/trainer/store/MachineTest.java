package io.winnow.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void tellsTheFamilyOfTheFirstProcessor() {
        assertThat(Machine.family("""
                processor\t: 0
                vendor_id\t: GenuineIntel
                cpu family\t: 6
                model\t\t: 143
                model name\t: Some CPU @ 2 GHz

                processor\t: 1
                model\t\t: 7
                """.lines())).isEqualTo(" GenuineIntel 6/143");
        assertThat(Machine.family("CPU implementer : 0x41\nCPU architecture: 8\nCPU part : 0xd0c\n".lines()))
                .isEqualTo(" 0x41 8/0xd0c");
        assertThat(Machine.family("nothing of use".lines())).isEmpty();
        assertThat(Machine.cpuFamily()).startsWith(System.getProperty("os.arch"));
    }
}
