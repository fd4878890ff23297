package io.winnow.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer found worth keeping, and a few hundred mutations of it: fast, and the same every time. */
@Timeout(60)
class FuzzCorpusTest {
    private static final int MUTATIONS = 300;

    static Stream<Class<?>> targets() {
        return Targets.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputHolds(Class<?> target) throws Throwable {
        List<byte[]> inputs = new ArrayList<>(List.of(new byte[0]));
        for (Path file : Targets.inputs(target)) {
            byte[] input = Files.readAllBytes(file);
            inputs.add(input);
            run(target, input, file.toString());
        }
        assertThat(inputs).hasSizeGreaterThan(1);
        Random random = new Random(23);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(inputs.get(random.nextInt(inputs.size())), random);
            run(target, mutated, "mutation " + i);
        }
    }

    private static void run(Class<?> target, byte[] input, String what) {
        try {
            Targets.run(target, input);
        } catch (Throwable e) {
            throw new AssertionError(target.getSimpleName() + ", " + what + ": " + e, e);
        }
    }

    private static byte[] mutate(byte[] input, Random random) {
        byte[] mutated = Arrays.copyOf(input, Math.max(0, input.length + random.nextInt(5) - 2));
        for (int n = random.nextInt(4); n > 0 && mutated.length > 0; n--) {
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
        }
        return mutated;
    }
}
