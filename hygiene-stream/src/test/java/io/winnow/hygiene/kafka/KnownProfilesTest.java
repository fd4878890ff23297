package io.winnow.hygiene.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownProfilesTest {
    private static final Contract CONTRACT =
            ContractReader.parse("stream: s\nfeatures:\n  - {name: x, type: number}\n", "s.yaml");

    private final KnownProfiles known = new KnownProfiles();

    private static Profile profile(int i) {
        return ProfileMaker.first(CONTRACT, List.of(("{\"x\":" + i + "}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whoComesSecondGetsTheSameProfile() {
        Profile published = profile(1);
        known.add(published);
        assertThat(known.decode(published.encode())).isSameAs(published);
        Profile read = known.decode(profile(2).encode());
        assertThat(read.hash()).isEqualTo(profile(2).hash());
        assertThat(known.decode(read.encode())).isSameAs(read);
    }

    @Test
    void bytesThatAreNoProfileAreRefusedEachTime() {
        byte[] whole = profile(1).encode();
        byte[] broken = Arrays.copyOf(whole, whole.length - 1);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> known.decode(broken)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void ofManyThatAreStillInUseTheOldestAreReadAgain() {
        List<Profile> inUse = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            inUse.add(profile(i));
            known.add(inUse.get(i));
        }
        assertThat(known.decode(inUse.get(99).encode())).isSameAs(inUse.get(99));
        assertThat(known.decode(inUse.get(0).encode())).isNotSameAs(inUse.get(0));
    }
}
