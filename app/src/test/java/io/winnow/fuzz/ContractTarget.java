package io.winnow.fuzz;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.RowDecoder;
import java.nio.charset.StandardCharsets;

/** A contract's text: a contract that can be used, or one line that says what is wrong. */
public final class ContractTarget {
    private ContractTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Contract contract;
        try {
            contract = ContractReader.parse(new String(data, StandardCharsets.UTF_8), "grid.yaml");
        } catch (ContractException e) {
            Checks.oneLine(e);
            Checks.that(e.getMessage().startsWith("grid.yaml"), "the file is not named");
            return;
        }
        Checks.that(contract.hash().length() == 64, "a hash that is none");
        var unused = new RowDecoder(contract);
    }
}
