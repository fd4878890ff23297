package io.winnow.fuzz;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A profile's or a summary's bytes: what is read is written the same way, and a profile of the contract judges. */
public final class ProfileTarget {
    /** The seeds' profiles are of this contract. */
    static final Contract CONTRACT = ContractReader.parse("""
            stream: grid
            features:
              - {name: demand, type: number}
              - {name: region, type: category}
            """, "grid.yaml");

    private static final byte[] ROW = "{\"demand\":12.5,\"region\":\"north\"}".getBytes(StandardCharsets.UTF_8);

    private ProfileTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Profile profile = Profile.decode(data);
            Checks.that(Arrays.equals(profile.encode(), data), "a profile with two spellings");
            if (profile.contractHash().equals(CONTRACT.hash())) {
                Verdict verdict = new Judge(CONTRACT, profile).judge(ROW, new Summary(profile));
                Checks.that(Double.isFinite(verdict.bits()) && verdict.bits() >= 0, "bits of " + verdict.bits());
            }
        } catch (IllegalArgumentException e) {
            Checks.oneLine(e);
        }
        try {
            Checks.that(Arrays.equals(Summary.decode(data).encode(), data), "a summary with two spellings");
        } catch (IllegalArgumentException e) {
            Checks.oneLine(e);
        }
    }
}
