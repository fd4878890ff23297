package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Rows;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Child;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import io.winnow.faults.world.SmallDisk;
import io.winnow.faults.world.TrainerChild;
import io.winnow.trainer.store.CorruptModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The trainer's process killed at work, and its files damaged: the champion is whole, or it is refused. */
final class TrainerFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int KILLS = 5;
    private static final int ROWS = 2_600;
    private static final String RULES = """
            target: {name: wear, type: number}
            training: {every-rows: 1500, every-minutes: 60, min-rows: 1000}
            """;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "trainer-killed-reading",
                    "SIGKILL of the trainer while it starts and reads its window, five times",
                    1,
                    run -> killed(run, Point.READING)),
            new FaultKind(
                    "trainer-killed-training",
                    "SIGKILL of the trainer while it trains, five times",
                    1,
                    run -> killed(run, Point.TRAINING)),
            new FaultKind(
                    "trainer-killed-writing",
                    "SIGKILL of the trainer while it writes a model, five times",
                    1,
                    run -> killed(run, Point.WRITING)),
            new FaultKind(
                    "trainer-killed-publishing",
                    "SIGKILL of the trainer while it announces a model that it has written, five times",
                    1,
                    run -> killed(run, Point.PUBLISHING)),
            new FaultKind(
                    "model-damaged", "one bit of a model's files is flipped, 100 times", 1, TrainerFaults::damaged),
            new FaultKind(
                    "model-disk-full",
                    "the disk of the models is full when one is to be published",
                    1,
                    TrainerFaults::diskFull));

    private TrainerFaults() {}

    /** Where the trainer is. */
    private enum Point {
        READING,
        TRAINING,
        WRITING,
        PUBLISHING
    }

    private static void begin(Run run) throws Exception {
        run.rows(Rows.teaching(run.seed())).rules(RULES).makeTopics();
        run.watch();
        run.submit(2);
        run.send(ROWS, 0).await();
        run.awaitVerdicts(ROWS);
    }

    private static Outcome killed(Run run, Point point) throws Exception {
        begin(run);
        TrainerChild trainer = new TrainerChild(run, TrainerChild.sharedModels(run));
        for (int i = 0; i < KILLS; i++) {
            Set<Path> scratch = trainer.scratch();
            Set<Path> stored = trainer.stored();
            Child child = trainer.start();
            await(point, run, trainer, child, scratch, stored);
            child.kill();
            run.harmed(0);
            trainer.verify();
            // Without a champion, the next one trains and publishes at once.
            trainer.champion().ifPresent(trainer::retire);
        }
        long start = System.nanoTime();
        Child last = trainer.start();
        Patience.await("a champion", PATIENCE, () -> trainer.champion().isPresent());
        run.harmed((System.nanoTime() - start) / 1e9);
        last.close();
        trainer.verify();
        run.explain(
                "after each kill the champion, and every model that was there, was whole; the next trainer made one");
        return run.settle();
    }

    private static void await(
            Point point, Run run, TrainerChild trainer, Child child, Set<Path> scratch, Set<Path> stored)
            throws Exception {
        switch (point) {
            case READING -> TimeUnit.MILLISECONDS.sleep(1_000 + run.random().nextInt(4_000));
            case TRAINING -> {
                Patience.await("a training", PATIENCE, () -> !scratch.containsAll(trainer.scratch()));
                TimeUnit.MILLISECONDS.sleep(run.random().nextInt(1_500));
            }
            case WRITING -> spin(child, () -> stored(trainer, stored).anyMatch(TrainerFaults::isUnfinished), run, 300);
            case PUBLISHING -> spin(child, () -> stored(trainer, stored).anyMatch(p -> !isUnfinished(p)), run, 60);
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Such moments are short: they are looked for without a pause. */
    private static void spin(Child child, Condition condition, Run run, int spreadMillis) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline || !child.isAlive()) {
                throw new IllegalStateException("the trainer never came to that point");
            }
            LockSupport.parkNanos(500_000);
        }
        TimeUnit.MILLISECONDS.sleep(run.random().nextInt(spreadMillis));
    }

    private static Stream<Path> stored(TrainerChild trainer, Set<Path> before) throws Exception {
        return trainer.stored().stream().filter(path -> !before.contains(path));
    }

    private static boolean isUnfinished(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private static Outcome damaged(Run run) throws Exception {
        begin(run);
        TrainerChild trainer = new TrainerChild(run, TrainerChild.sharedModels(run));
        Child child = trainer.start();
        Patience.await("a champion", PATIENCE, () -> trainer.champion().isPresent());
        child.close();
        String id = trainer.champion().orElseThrow();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(trainer.directory(id))) {
            all.sorted().forEach(files::add);
        }
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            Path file = files.get(run.random().nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            byte[] other = bytes.clone();
            other[run.random().nextInt(other.length)] ^=
                    (byte) (1 << run.random().nextInt(8));
            Files.write(file, other);
            try {
                trainer.store().load(id);
                run.problem("a flipped bit in " + file.getFileName() + " was not seen");
            } catch (CorruptModelException e) {
                refused++;
            }
            Files.write(file, bytes);
            run.harmed(0);
        }
        trainer.verify();
        run.explain(refused + " of 100 damaged models were refused: " + files.size() + " files, one bit at a time");
        return run.settle();
    }

    private static Outcome diskFull(Run run) throws Exception {
        Path models = TrainerChild.sharedModels(run);
        SmallDisk disk = run.closing(SmallDisk.mount(models.resolve(run.stream()), 8));
        begin(run);
        TrainerChild trainer = new TrainerChild(run, models);
        disk.fill();
        long start = System.nanoTime();
        Child child = trainer.start();
        Patience.await(
                "the trainer says that its disk is full", PATIENCE, () -> trainer.hasLogged("does not take the model"));
        if (trainer.champion().isPresent() || !trainer.store().ids().isEmpty()) {
            run.problem("a model came of a full disk");
        }
        disk.free();
        run.send(ROWS, 0).await();
        Patience.await("a champion", PATIENCE, () -> trainer.champion().isPresent());
        run.harmed((System.nanoTime() - start) / 1e9);
        child.close();
        trainer.verify();
        run.explain("the trainer said in one line that the store does not take the model, and published the next one");
        return run.settle();
    }
}
