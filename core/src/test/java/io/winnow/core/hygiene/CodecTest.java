package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Profiles and summaries as bytes: read back alike, small, and no bytes do harm. */
class CodecTest {
    private static final Contract CONTRACT = Sources.MIXED;
    private static final Profile PROFILE =
            ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, Sources.mixed(256, 21)));

    @Test
    void aProfileReadsBackAsItself() {
        Profile profile = PROFILE;
        for (int i = 0; i < 4; i++) {
            Profile read = Profile.decode(profile.encode());
            assertThat(read.hash()).isEqualTo(profile.hash()).hasSize(64);
            assertThat(read.encode()).isEqualTo(profile.encode());
            assertThat(read.contractHash()).isEqualTo(CONTRACT.hash());
            assertThat(read.rows()).isEqualTo(profile.rows());
            profile = ProfileMaker.next(CONTRACT, profile, gather(profile, 700, i));
        }
    }

    @Test
    void aSummaryReadsBackAsItself() {
        Summary summary = gather(PROFILE, 700, 5);
        Summary read = Summary.decode(summary.encode());
        assertThat(read.encode()).isEqualTo(summary.encode());
        assertThat(read.rows()).isEqualTo(summary.rows()).isPositive();
        assertThat(ProfileMaker.next(CONTRACT, PROFILE, read).hash())
                .isEqualTo(ProfileMaker.next(CONTRACT, PROFILE, summary).hash());
    }

    @Test
    void loneSurrogatesReadBackAsTheyWere() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            values.add(("{\"ts\":" + i + ",\"a\":" + i + ",\"site\":\"\\ud80" + i % 8 + "\"}").getBytes());
        }
        Profile profile = ProfileMaker.first(CONTRACT, values);
        assertThat(profile.sample.rows()).anyMatch(r -> "\ud803".equals(r.categories[2]));
        assertThat(Profile.decode(profile.encode()).hash()).isEqualTo(profile.hash());
    }

    static Stream<Arguments> decoders() {
        Function<byte[], byte[]> profile = b -> Profile.decode(b).encode();
        Function<byte[], byte[]> summary = b -> Summary.decode(b).encode();
        return Stream.of(
                Arguments.of("profile", PROFILE.encode(), profile),
                Arguments.of("taught profile", taught(PROFILE).encode(), profile),
                Arguments.of("summary", gather(PROFILE, 300, 6).encode(), summary));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("decoders")
    void hostileBytesAreRefusedOrHarmless(String name, byte[] good, Function<byte[], byte[]> decode) {
        Random random = new Random(22);
        for (int length = 0; length < good.length; length += 1 + random.nextInt(good.length / 100)) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> decode.apply(cut));
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> decode.apply(Arrays.copyOf(good, good.length + 1)));
        for (int i = 0; i < 150; i++) {
            // Half of the damage in the first bytes, where the lengths are.
            byte[] flipped = good.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                int at = random.nextInt(i % 2 == 0 ? 200 : flipped.length);
                flipped[at] ^= (byte) (1 << random.nextInt(8));
            }
            decodesToItselfOrIsRefused(flipped, decode);
            byte[] replaced = good.clone();
            int from = random.nextInt(i % 2 == 0 ? 200 : good.length);
            for (int j = from; j < Math.min(good.length, from + 12); j++) {
                replaced[j] = (byte) random.nextInt(256);
            }
            decodesToItselfOrIsRefused(replaced, decode);
            byte[] noise = new byte[random.nextInt(400)];
            random.nextBytes(noise);
            System.arraycopy(good, 0, noise, 0, Math.min(noise.length, random.nextInt(120)));
            decodesToItselfOrIsRefused(noise, decode);
        }
    }

    private static void decodesToItselfOrIsRefused(byte[] bytes, Function<byte[], byte[]> decode) {
        byte[] again;
        try {
            again = decode.apply(bytes);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(again).isEqualTo(bytes);
    }

    @Test
    void aProfileThatDecodesAfterDamageStillScoresWithoutNaN() {
        Random random = new Random(23);
        byte[] good = taught(PROFILE).encode();
        Row row = Sources.mixed(random, 1);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Profile profile;
            try {
                profile = Profile.decode(bytes);
            } catch (IllegalArgumentException e) {
                continue;
            }
            double bits = profile.scorer().score(row);
            assertThat(bits).isNotNaN().isNotNegative();
        }
    }

    static Stream<Arguments> wide() {
        return Stream.of(
                wide("512 numbers", 512, 0),
                wide("277 numbers", 277, 0),
                wide("100 numbers", 100, 0),
                wide("200 categories", 0, 200),
                wide("512 categories", 0, 512),
                wide("150 numbers, 362 categories", 150, 362),
                wide("50 numbers, 20 categories", 50, 20));
    }

    private static Arguments wide(String name, int numbers, int categories) {
        List<FeatureType> types = new ArrayList<>();
        for (int i = 0; i < numbers + categories; i++) {
            types.add(i < numbers ? FeatureType.NUMBER : FeatureType.CATEGORY);
        }
        return Arguments.of(name, Sources.features(types, 10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wide")
    void theWidestTableFitsAProfile(String name, Contract contract) {
        Random random = new Random(24);
        Profile profile = ProfileMaker.first(contract, List.of());
        profile = ProfileMaker.next(contract, profile, spread(contract, profile, 100, random));
        profile = ProfileMaker.next(contract, profile, spread(contract, profile, 300, random));
        assertThat(profile.encode()).hasSizeLessThanOrEqualTo(Profile.MAX_BYTES);
        assertThat(Profile.decode(profile.encode()).hash()).isEqualTo(profile.hash());
        // Every cell of every table filled: no rows are worse.
        Tally full = new Tally(profile.frame);
        for (int[] a : new int[][] {full.fields, full.categories, full.projections, full.views}) {
            Arrays.fill(a, 25_000 * Tally.ONE / Grid.CELLS);
        }
        for (double[] row : full.moments.products) {
            Arrays.fill(row, 1L << 46);
        }
        Profile worst = new Profile(
                profile.frame, full, profile.sample, taught(profile).lessons, ShiftedScores.NONE, 1, 1_000, 13);
        assertThat(worst.encode()).hasSizeLessThanOrEqualTo(Profile.MAX_BYTES);
    }

    /** Rows over many magnitudes and long category values: much to store. Learned whatever their bits. */
    private static Summary spread(Contract contract, Profile profile, int rows, Random random) {
        Scorer scorer = profile.scorer();
        Summary summary = new Summary(profile);
        Row row = new Row(contract);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < row.numbers.length; i++) {
                if (contract.features().get(i).type() == FeatureType.CATEGORY) {
                    row.categories[i] = "\u20ac".repeat(60 + random.nextInt(8)) + random.nextInt(40);
                } else {
                    row.numbers[i] = Math.pow(10, 6 * random.nextDouble() - 2) * (random.nextBoolean() ? 1 : -1);
                }
            }
            scorer.score(row);
            scorer.learn(summary.tally());
            scorer.count(summary.tally());
            summary.sample().add(row);
        }
        return summary;
    }

    /** Decided both ways on all its parts, and counted as in force. */
    private static Profile taught(Profile profile) {
        Random random = new Random(25);
        Lessons lessons = Lessons.none(profile.frame.layout);
        for (int i = 0; i < 200; i++) {
            int[] evidence = new int[Parts.of(profile.frame.layout).count()];
            Arrays.setAll(evidence, part -> random.nextInt(64));
            lessons = lessons.with(i % 2 == 0, evidence);
        }
        lessons = Lessons.none(profile.frame.layout).next(lessons, 1_000);
        return new Profile(
                profile.frame,
                profile.tally,
                profile.sample,
                lessons,
                profile.shifted,
                profile.rows(),
                profile.seen(),
                profile.cut());
    }

    private static Summary gather(Profile profile, int count, long seed) {
        Judge judge = new Judge(CONTRACT, profile);
        Summary summary = new Summary(profile);
        Sources.mixed(count, seed).forEach(row -> judge.score(row, summary));
        return summary;
    }
}
