package io.winnow.faults.kinds;

import io.winnow.faults.FaultKind;
import io.winnow.faults.count.RawTopic;
import io.winnow.faults.count.Rows;
import io.winnow.faults.count.Sender;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records that are not as one would like, and topics that change under a running job. */
final class InputFaults {
    private static final int RECORDS = 12_000;
    private static final int RATE = 4_000;
    private static final int RAW_BYTES = 1 << 20;

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "hostile-records",
                    "every tenth record is a tombstone, empty, broken, too deep or too long; the TaskManager ends once",
                    3,
                    run -> sent(run.rows(Rows.hostile(run.seed())))),
            new FaultKind(
                    "event-times-far",
                    "one record in a hundred has an event time up to ten years off; the TaskManager ends once",
                    2,
                    run -> sent(run.rows(Rows.farTimes(run.seed())))),
            new FaultKind(
                    "clock-jumps",
                    "the producer's clock jumps by an hour to and fro, so Kafka's timestamps; the TaskManager ends once",
                    2,
                    InputFaults::clockJumps),
            new FaultKind(
                    "producer-aborts",
                    "a transactional producer aborts every third transaction: those records are none",
                    2,
                    InputFaults::producerAborts),
            new FaultKind(
                    "producer-dies",
                    "a transactional producer dies with a transaction open, and its successor aborts it",
                    2,
                    InputFaults::producerDies),
            new FaultKind(
                    "record-at-the-limit",
                    "records as large as raw takes, and one byte less, whose headers push them over what the others take",
                    2,
                    InputFaults::atTheLimit),
            new FaultKind(
                    "retention-in-an-outage",
                    "retention takes records from raw that the job, which is away, has not read: expired, not lost",
                    2,
                    InputFaults::retention),
            new FaultKind(
                    "partitions-grow",
                    "clean, quarantine and raw get more partitions while the job runs",
                    1,
                    InputFaults::partitionsGrow));

    private InputFaults() {}

    /** Sends the run's records, and has the TaskManager end on the way. */
    private static Outcome sent(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 2);
        run.harmed();
        run.world().flink().replaceTaskManager();
        return run.settle();
    }

    private static Outcome clockJumps(Run run) throws Exception {
        long start = System.currentTimeMillis();
        long hour = TimeUnit.HOURS.toMillis(1);
        long seed = run.seed();
        // A broker refuses what is more than an hour ahead of its own clock.
        long ahead = hour - TimeUnit.MINUTES.toMillis(1);
        run.timestamps(number -> {
            int jump = new SplittableRandom(seed * 31 + number / 500).nextInt(3);
            return start + number / 4 + (jump == 0 ? -hour : jump == 1 ? ahead : 0);
        });
        return sent(run);
    }

    private static Outcome producerAborts(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        run.submit(2);
        Sender.Plan plan = run.plan(0, RECORDS, 0);
        BitSet committed = new BitSet();
        try (KafkaProducer<byte[], byte[]> producer =
                Sender.producer(run.kafka(), Map.of("transactional.id", run.stream() + "-producer"))) {
            producer.initTransactions();
            int from = 0;
            while (from < RECORDS) {
                int to = Math.min(RECORDS, from + 50 + run.random().nextInt(500));
                producer.beginTransaction();
                for (int n = from; n < to; n++) {
                    producer.send(Sender.record(plan, n));
                }
                if (run.random().nextInt(3) == 0) {
                    producer.flush();
                    producer.abortTransaction();
                    run.harmed();
                } else {
                    producer.commitTransaction();
                    committed.set(from, to);
                }
                from = to;
            }
        }
        run.acknowledged(committed);
        return run.settle();
    }

    private static Outcome producerDies(Run run) throws Exception {
        run.makeTopics();
        run.watch();
        run.submit(2);
        Sender.Plan plan = run.plan(0, RECORDS, 0);
        Map<String, String> id = Map.of("transactional.id", run.stream() + "-producer");
        try (KafkaProducer<byte[], byte[]> dying = Sender.producer(run.kafka(), id);
                KafkaProducer<byte[], byte[]> successor = Sender.producer(run.kafka(), id)) {
            dying.initTransactions();
            dying.beginTransaction();
            for (int n = 0; n < RECORDS / 3; n++) {
                dying.send(Sender.record(plan, n));
            }
            dying.flush();
            // Its records hold up those of others, which lie behind them.
            Sender.Plan others = run.plan(RECORDS / 3, RECORDS / 3, 0);
            try (KafkaProducer<byte[], byte[]> plain = Sender.producer(run.kafka(), Map.of())) {
                for (long n = others.first(); n < others.first() + others.count(); n++) {
                    plain.send(Sender.record(others, n));
                }
            }
            run.harmed();
            Thread.sleep(500 + run.random().nextInt(1_500));
            successor.initTransactions();
            successor.beginTransaction();
            for (int n = 2 * RECORDS / 3; n < RECORDS; n++) {
                successor.send(Sender.record(plan, n));
            }
            successor.commitTransaction();
        }
        BitSet committed = new BitSet();
        committed.set(RECORDS / 3, RECORDS);
        run.acknowledged(committed);
        return run.settle();
    }

    private static Outcome atTheLimit(Run run) throws Exception {
        run.makeTopics();
        boolean narrow = run.seed() % 2 == 1;
        if (narrow) {
            // As somebody else may have made them: Winnow's own have 64 KiB more than raw.
            limit(run, run.topics().clean());
            limit(run, run.topics().quarantine());
            run.explain("clean and quarantine take no more than raw: what does not fit is kept in side files");
        }
        run.watch();
        BitSet sent = new BitSet();
        try (KafkaProducer<byte[], byte[]> producer = Sender.producer(run.kafka(), Map.of("batch.size", "0"))) {
            int largest = largest(producer, run, sent);
            for (int less : new int[] {1, 2, 50, 500, 5_000}) {
                run.harmed();
                producer.send(large(run, sent.cardinality(), largest - less)).get();
                sent.set(sent.cardinality());
            }
        }
        run.acknowledged(sent);
        Sender.Plan plan = run.plan(sent.cardinality(), 2_000, 0);
        BitSet others = new BitSet();
        try (KafkaProducer<byte[], byte[]> producer = Sender.producer(run.kafka(), Map.of())) {
            for (long n = plan.first(); n < plan.first() + plan.count(); n++) {
                producer.send(Sender.record(plan, n));
                others.set(Math.toIntExact(n));
            }
        }
        run.acknowledged(others);
        run.submit(2);
        return run.settle();
    }

    private static void limit(Run run, String topic) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(run.kafka()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", String.valueOf(RAW_BYTES)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Finds and sends the largest value that raw takes. */
    private static int largest(KafkaProducer<byte[], byte[]> producer, Run run, BitSet sent) throws Exception {
        for (int bytes = RAW_BYTES; true; bytes--) {
            try {
                producer.send(large(run, 0, bytes)).get();
                sent.set(0);
                return bytes;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RecordTooLargeException)) {
                    throw e;
                }
            }
        }
    }

    /** A record with a value of so many bytes, and headers of its own beside it. */
    private static ProducerRecord<byte[], byte[]> large(Run run, int number, int bytes) {
        byte[] value = new byte[bytes];
        Arrays.fill(value, (byte) 'x');
        byte[] start = ("{\"n\":" + number + ",\"line\":\"").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, value, 0, start.length);
        value[bytes - 2] = '"';
        value[bytes - 1] = '}';
        return new ProducerRecord<>(
                run.topics().raw(),
                0,
                null,
                null,
                value,
                List.of(
                        new RecordHeader("trace", new byte[20]),
                        new RecordHeader(Rows.NUMBER, String.valueOf(number).getBytes(StandardCharsets.US_ASCII))));
    }

    private static Outcome retention(Run run) throws Exception {
        var job = run.begin(RECORDS / 2, RATE);
        run.awaitSome(0, RECORDS / 3);
        run.world().flink().cancel(job);
        run.awaitSent();
        run.send(RECORDS / 2, 0).await();
        try (Admin admin = Admin.create(new HashMap<>(run.kafka()))) {
            Map<Integer, Long> until = new HashMap<>();
            Map<TopicPartition, RecordsToDelete> delete = new HashMap<>();
            for (int p = 0; p < 2; p++) {
                TopicPartition tp = new TopicPartition(run.topics().raw(), p);
                long end = admin.listOffsets(Map.of(tp, OffsetSpec.latest()))
                        .partitionResult(tp)
                        .get()
                        .offset();
                long offset = end / 2 + run.random().nextInt((int) end / 4);
                until.put(p, offset);
                delete.put(tp, RecordsToDelete.beforeOffset(offset));
            }
            BitSet expired = RawTopic.numbersBefore(run.kafka(), run.stream(), until);
            run.expired(expired);
            run.harmed();
            admin.deleteRecords(delete).all().get();
            run.explain(expired.cardinality()
                    + " records expired on raw, those that had no verdict yet among them; expected are the others");
        }
        run.submit(2);
        return run.settle();
    }

    private static Outcome partitionsGrow(Run run) throws Exception {
        run.begin(RECORDS, RATE);
        run.awaitSome(0, RECORDS / 2);
        try (Admin admin = Admin.create(new HashMap<>(run.kafka()))) {
            for (String topic : List.of(
                    run.topics().clean(),
                    run.topics().quarantine(),
                    run.topics().raw())) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                        .all()
                        .get();
            }
        }
        run.awaitSent();
        run.partitions(4);
        run.harmed();
        run.send(RECORDS, RATE);
        return run.settle();
    }
}
