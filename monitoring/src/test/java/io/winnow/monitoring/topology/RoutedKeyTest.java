package io.winnow.monitoring.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoutedKeyTest {
    @Test
    void aReleaseGoesBackToItsPartitionOrNowhere() {
        RoutedKey key = new RoutedKey(3, null);
        assertThat(key.checked("grid.clean", 4)).isEqualTo(3);
        assertThatThrownBy(() -> key.checked("grid.clean", 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("grid.clean has 3 partitions");
    }
}
