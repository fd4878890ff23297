package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stream keeps in memory and sends around is bounded, however many rows there were. */
class SizeTest {
    private static final int FIELDS = 9;
    private static final int HALF_A_MEGABYTE = 500_000;

    /** Encoded sizes in bytes, largest so far. */
    private record Sizes(int profile, int summary) {}

    /** A stream of nine correlated fields that goes on and on. */
    private static final class Nine {
        final Contract contract = Sources.numbers(FIELDS, 10);
        final Random random = new Random(81);
        final Row row = new Row(contract);
        Profile profile = ProfileMaker.first(contract, List.of());
        private long judged;

        Sizes until(long rows) {
            int largestProfile = 0;
            int largestSummary = 0;
            while (judged < rows) {
                Summary summary = gather(ProfileMaker.rowsPerProfile(contract, profile));
                largestSummary = Math.max(largestSummary, summary.encode().length);
                profile = ProfileMaker.next(contract, profile, summary);
                largestProfile = Math.max(largestProfile, profile.encode().length);
            }
            return new Sizes(largestProfile, largestSummary);
        }

        Summary gather(int rows) {
            Judge judge = new Judge(contract, profile);
            Summary summary = new Summary(profile);
            for (int i = 0; i < rows; i++, judged++) {
                double common = random.nextGaussian();
                for (int f = 0; f < FIELDS; f++) {
                    double x = common + random.nextGaussian();
                    row.numbers[f] = f % 3 == 0 ? Math.exp(x) : x;
                }
                judge.score(row, summary);
            }
            return summary;
        }
    }

    @Test
    void nineFieldsStayWithinHalfAMegabyteAndDoNotGrow() {
        Nine stream = new Nine();
        Sizes young = stream.until(60_000);
        Sizes old = stream.until(300_000);
        assertThat(young.profile + young.summary).isLessThan(HALF_A_MEGABYTE);
        assertThat(old.profile).isLessThan(young.profile * 11 / 10);
        assertThat(old.summary).isLessThan(young.summary * 3 / 2);
    }

    @Test
    @Tag("quality")
    void overTenMillionRowsNeither() {
        Nine stream = new Nine();
        Sizes young = stream.until(300_000);
        System.out.printf("after 300,000 rows: at most %s%n", young);
        Sizes old = stream.until(10_000_000);
        System.out.printf("after 10,000,000 rows: at most %s%n", old);
        assertThat(old.profile).isLessThan(young.profile * 21 / 20);
        assertThat(old.summary).isLessThan(young.summary * 21 / 20);
    }

    /** What each of a job's subtasks keeps: one profile for all of them in a process, a judge and a summary each. */
    @Test
    @Tag("quality")
    void heap() {
        Nine stream = new Nine();
        stream.until(60_000);
        long judge = each(() -> new Judge(stream.contract, stream.profile));
        long summary = each(() -> stream.gather(5_000));
        long profile = each(() -> Profile.decode(stream.profile.encode()));
        System.out.printf("bytes on the heap: profile %d, judge %d, summary %d%n", profile, judge, summary);
        assertThat(profile).isLessThan(HALF_A_MEGABYTE);
        assertThat(judge + summary).isLessThan(HALF_A_MEGABYTE);
    }

    private static long each(Supplier<Object> made) {
        Object[] kept = new Object[64];
        assertThat(made.get()).as("once, to load its classes").isNotNull();
        long before = used();
        Arrays.setAll(kept, i -> made.get());
        long after = used();
        assertThat(kept).doesNotContainNull();
        return (after - before) / kept.length;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindOfDataIsBounded(Kind kind) {
        Contract contract = Kind.contract("law", true, List.of(0, 1, 2, 3, 4, 5, 6));
        Course early = Course.of(contract, kind.rows(1_156, 82), Course.Way.ALONE);
        Course late = Course.of(contract, kind.rows(6_256, 82), Course.Way.ALONE);
        assertThat(late.last().encode().length)
                .isLessThan(HALF_A_MEGABYTE)
                .isLessThan(early.last().encode().length * 2);
    }
}
