package io.winnow.faults.world;

import io.winnow.faults.harm.Hooks;
import io.winnow.faults.harm.Moment.Point;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code NightMain KIND SEED COUNT}: a whole Winnow in one process, as on a laptop: broker, Flink and a stream's job. At the
 * COUNT-th commit it says so and waits, with the transaction flushed and not committed, until it is told to go on.
 */
public final class NightMain {
    /** What it says once the job runs; Kafka's address follows. */
    public static final String RUNS = "the job runs on ";

    /** What it says between pre-commit and commit. */
    public static final String BETWEEN = "between pre-commit and commit";

    private NightMain() {}

    public static void main(String[] args) throws Exception {
        long count = Long.parseLong(args[2]);
        CountDownLatch morning = new CountDownLatch(1);
        AtomicBoolean night = new AtomicBoolean();
        try (World world = World.create();
                Run run = new Run(world, args[0], Long.parseLong(args[1]));
                Scanner in = new Scanner(System.in, "UTF-8")) {
            Hooks.set(run.stream(), moment -> {
                if (moment.point() == Point.BEFORE_COMMIT
                        && moment.count() >= count
                        && !moment.transactions().isEmpty()
                        && night.compareAndSet(false, true)) {
                    System.out.println(BETWEEN);
                    morning.await();
                }
            });
            run.makeTopics();
            run.submit(2);
            System.out.println(RUNS + run.kafka().get("bootstrap.servers") + ".");
            while (in.hasNextLine()) {
                in.nextLine();
                morning.countDown();
            }
        }
        System.exit(0);
    }
}
