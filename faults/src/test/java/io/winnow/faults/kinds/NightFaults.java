package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Child;
import io.winnow.faults.world.NightMain;
import io.winnow.faults.world.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A laptop that is shut for the night. */
final class NightFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Pattern BOOTSTRAP = Pattern.compile(Pattern.quote(NightMain.RUNS) + "(\\S+)\\.");

    static final List<FaultKind> KINDS = List.of(new FaultKind(
            "night",
            "SIGSTOP of everything at once between pre-commit and commit, for 30 s, or -Dminutes",
            1,
            NightFaults::night));

    private NightFaults() {}

    private static Outcome night(Run run) throws Exception {
        Path said = run.directory().resolve("night.out");
        Child laptop = run.closing(Child.start(
                NightMain.class,
                "1g",
                said,
                Map.of(),
                List.of("night", "" + run.seed(), "" + (3 + run.random().nextInt(6)))));
        laptop.awaitSaid(NightMain.RUNS, 1, PATIENCE);
        Matcher where = BOOTSTRAP.matcher(Files.readString(said));
        if (!where.find()) {
            throw new IllegalStateException("no address of the broker in " + said);
        }
        run.on(Map.of("bootstrap.servers", where.group(1)));
        run.watch();
        run.send(12_000, 2_000);
        laptop.awaitSaid(NightMain.BETWEEN, 1, PATIENCE);
        run.harmed();
        long seconds =
                Integer.getInteger("minutes", 0) > 0 ? TimeUnit.MINUTES.toSeconds(Integer.getInteger("minutes")) : 30;
        laptop.pause();
        TimeUnit.SECONDS.sleep(seconds);
        laptop.goOn();
        laptop.tell("good morning");
        run.explain("stopped for " + seconds + " s between pre-commit and commit");
        return run.settle();
    }
}
