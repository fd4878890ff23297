package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;
import io.winnow.hygiene.HygieneStartException;
import java.util.List;

/** A second job of a stream that has one. */
final class LeaseFaults {
    private static final int RECORDS = 24_000;
    private static final int RATE = 2_500;
    private static final double REFUSED_WITHIN_S = 10;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "second-job",
                    "a second job is submitted while one runs: it must be refused within 10 s and do no harm",
                    2,
                    LeaseFaults::refused),
            new FaultKind(
                    "job-taken-over", "a second job takes the stream from one that runs", 2, LeaseFaults::takenOver));

    private LeaseFaults() {}

    private static Outcome refused(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.harmed();
        long start = System.nanoTime();
        try {
            run.submit(2);
            run.problem("a second job of the stream was taken");
        } catch (HygieneStartException e) {
            double seconds = (System.nanoTime() - start) / 1e9;
            if (seconds > REFUSED_WITHIN_S) {
                run.problem("the second job was refused after " + seconds + " s only");
            }
            String line = String.valueOf(e.getMessage());
            if (line.contains("\n")) {
                run.problem("more than a line: " + line);
            }
            run.explain("the second job was refused: " + line.replace(run.stream(), "S"));
        }
        return run.settle();
    }

    private static Outcome takenOver(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.harmed();
        run.submit(2, null, true);
        return run.settle();
    }
}
