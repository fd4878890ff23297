package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job that stops, and starts again from bytes, goes on as if it had not stopped. */
class RestoreTest {
    private static final Contract CONTRACT = Sources.MIXED;

    @Test
    void restoreEqualsContinueToTheLastDigit() {
        Profile first = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, Sources.mixed(256, 31)));
        List<Row> rows = Sources.mixed(3_000, 32);
        Profile continued = first;
        Profile restored = first;
        for (int from = 0; from < rows.size(); from += 300) {
            Summary one = new Summary(continued);
            Summary other = new Summary(restored);
            Judge judge = new Judge(CONTRACT, continued);
            Judge again = new Judge(CONTRACT, restored);
            for (int i = from; i < from + 300; i++) {
                if (i == from + 137) {
                    restored = Profile.decode(restored.encode());
                    other = Summary.decode(other.encode());
                    again = new Judge(CONTRACT, restored);
                }
                byte[] value = Sources.value(CONTRACT, rows.get(i));
                assertThat(again.judge(value, other).bits())
                        .isEqualTo(judge.judge(value, one).bits());
            }
            continued = ProfileMaker.next(CONTRACT, continued, one);
            restored = ProfileMaker.next(CONTRACT, restored, other);
            assertThat(restored.hash()).isEqualTo(continued.hash());
        }
        assertThat(continued.hash()).isNotEqualTo(first.hash());
    }

    @Test
    void theSameRecordHasTheSameBitsAfterWhateverOtherRecords() {
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, Sources.mixed(256, 33)));
        byte[] value = Sources.value(CONTRACT, Sources.mixed(1, 34).get(0));
        Summary summary = new Summary(profile);
        Judge judge = new Judge(CONTRACT, profile);
        double bits = judge.judge(value, summary).bits();
        Sources.mixed(100, 35).forEach(row -> judge.score(row, summary));
        assertThat(judge.judge(value, summary).bits()).isEqualTo(bits);
    }
}
