package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Challenger;
import io.winnow.trainer.evaluation.Trial;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.store.Machine;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Trains a published model again: the rows that its manifest names, read again from Kafka, with its contract, seed,
 * hyperparameters and threads. On the same CPU family the archive comes out the same, byte for byte.
 */
public final class Reproduction {
    private static final Duration STEP = Duration.ofMillis(500);
    /** A partition that says nothing for this long, with offsets still to come, is not served. */
    private static final int SILENT_STEPS = 60;

    private Reproduction() {}

    /**
     * What came of it.
     *
     * @param equal whether the archive is the same, byte for byte
     * @param expected SHA-256 of the published archive, in hex
     * @param sha256 of the new one; null where none could be made
     * @param value the new one's metric on the holdout; null where none could be made
     * @param reasons why it is not equal, one line each, as far as that can be told
     */
    public record Result(
            boolean equal,
            String expected,
            @Nullable String sha256,
            @Nullable Double value,
            List<String> reasons) {
        public Result {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Trains again, in this process, which must not have used PyTorch before: its number of threads is set once.
     *
     * @param manifest of the model
     * @param parent what it began from, if the manifest names that: {@link io.winnow.trainer.store.ModelStore#start}
     * @param kafka plain Kafka client properties
     * @param cache where PyTorch's native libraries are unpacked
     * @throws IOException if Kafka or the disk fails
     */
    public static Result run(Manifest manifest, Optional<Learned> parent, Map<String, String> kafka, Path cache)
            throws IOException {
        System.setProperty(
                "ai.djl.pytorch.num_threads",
                Integer.toString(manifest.origin().machine().threads()));
        Devices.prepare(cache);
        try (Consumer<byte[], byte[]> consumer = Clients.consumer(kafka)) {
            return run(manifest, parent, consumer, Files.createDirectories(cache.resolve("scratch")));
        }
    }

    static Result run(Manifest manifest, Optional<Learned> parent, Consumer<byte[], byte[]> consumer, Path scratch)
            throws IOException {
        ModelCard card = manifest.card();
        Contract contract = ContractReader.parse(manifest.origin().contract(), "the manifest's contract");
        Source clean = new Source(StreamTopics.of(contract).clean(), card.window());
        Source labels = new Source(StreamTopics.of(contract).labels(), card.labels());
        List<String> gone = new ArrayList<>(gone(consumer, clean));
        gone.addAll(gone(consumer, labels));
        if (!gone.isEmpty()) {
            return new Result(false, card.sha256(), null, null, gone);
        }
        List<String> reasons = differences(manifest, Machine.here());
        Window window = read(consumer, contract, clean, labels);
        if (window.size() != card.rows()) {
            reasons.add("the offset ranges hold " + window.size() + " rows now, and the card counts " + card.rows());
        }
        String sha256;
        double value;
        try (Challenger again = new Trial(scratch, manifest.origin().hyperparameters(), () -> false)
                .challenger(window, parent, card.seed(), (learned, rows, history, split) -> {})) {
            sha256 = sha256(again.archive());
            value = again.losses().in(card.metric());
        } catch (LearningException e) {
            reasons.add("trained again it makes no model: " + e.getMessage());
            return new Result(false, card.sha256(), null, null, reasons);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody stops it", e);
        }
        boolean equal = sha256.equals(card.sha256());
        if (!equal && reasons.isEmpty() && !card.labels().isEmpty()) {
            reasons.add("labels that name only a key may have gone to other rows: quarantined ones are not read again;"
                    + " let them name the row's time or id");
        }
        if (!equal && reasons.isEmpty()) {
            reasons.add("machine, code version and rows are the same, and the bytes still differ: please report it");
        }
        return new Result(equal, card.sha256(), sha256, value, equal ? List.of() : reasons);
    }

    /** What is not as it was, and may change bytes. */
    private static List<String> differences(Manifest manifest, Machine here) {
        Machine there = manifest.origin().machine();
        List<String> reasons = new ArrayList<>();
        if (!there.cpu().equals(here.cpu())) {
            reasons.add("it was trained on CPU family " + there.cpu() + ", and this is " + here.cpu());
        }
        if (!there.device().equals(here.device())) {
            reasons.add("it was trained on " + there.device() + ", and PyTorch computes on " + here.device() + " here");
        }
        if (there.threads() != here.threads()) {
            reasons.add("it was trained with " + there.threads() + " threads, and this process has " + here.threads());
        }
        if (!manifest.card().codeVersion().equals(Version.text())) {
            reasons.add("it was made by Winnow " + manifest.card().codeVersion() + ", and this is " + Version.text());
        }
        return reasons;
    }

    /** Ranges of a topic. */
    private record Source(String topic, List<OffsetRange> ranges) {
        Stream<TopicPartition> partitions() {
            return ranges.stream().map(r -> new TopicPartition(topic, r.partition()));
        }

        boolean holds(ConsumerRecord<byte[], byte[]> record) {
            return record.topic().equals(topic)
                    && ranges.stream()
                            .anyMatch(r -> r.partition() == record.partition()
                                    && record.offset() >= r.start()
                                    && record.offset() < r.end());
        }

        void seek(Consumer<byte[], byte[]> consumer) {
            ranges.forEach(r -> consumer.seek(new TopicPartition(topic, r.partition()), r.start()));
        }

        /** Partitions of which some of the range is unread. */
        Stream<TopicPartition> unread(Consumer<byte[], byte[]> consumer) {
            return ranges.stream()
                    .filter(r -> consumer.position(new TopicPartition(topic, r.partition())) < r.end())
                    .map(r -> new TopicPartition(topic, r.partition()));
        }
    }

    /** Which of the rows, or labels, are no longer there, one line for each partition. */
    private static List<String> gone(Consumer<byte[], byte[]> consumer, Source source) {
        List<TopicPartition> partitions = source.partitions().toList();
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        List<String> gone = new ArrayList<>();
        for (OffsetRange range : source.ranges()) {
            TopicPartition p = new TopicPartition(source.topic(), range.partition());
            long first = begin.getOrDefault(p, Long.MAX_VALUE);
            if (first > range.start()) {
                gone.add("retention has removed rows that it was trained on: " + p + " has offsets from " + first
                        + ", and the window begins at " + range.start());
            } else if (end.getOrDefault(p, 0L) < range.end()) {
                gone.add(p + " ends before offset " + range.end() + ": it is not the topic that it was trained on");
            }
        }
        return gone;
    }

    private static Window read(Consumer<byte[], byte[]> consumer, Contract contract, Source clean, Source labels)
            throws IOException {
        consumer.assign(Stream.concat(clean.partitions(), labels.partitions()).toList());
        clean.seek(consumer);
        labels.seek(consumer);
        LiveWindow window = new LiveWindow(contract);
        CleanRecords records = new CleanRecords(contract);
        Optional<LabelQueue> queue = contract.labels().map(l -> new LabelQueue(contract));
        Map<TopicPartition, Long> readTo = new HashMap<>();
        int silent = 0;
        while (Stream.of(clean, labels)
                .anyMatch(source -> source.unread(consumer).findAny().isPresent())) {
            int seen = 0;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
                seen++;
                readTo.put(new TopicPartition(record.topic(), record.partition()), record.timestamp());
                if (labels.holds(record)) {
                    queue.ifPresent(q -> q.add(record));
                }
                CleanRow row = clean.holds(record) ? records.decode(record, false) : null;
                if (row != null) {
                    window.add(row);
                }
            }
            // As it was: each label once the rows before it are there.
            long before = Stream.of(clean, labels)
                    .flatMap(source -> source.unread(consumer))
                    .mapToLong(p -> readTo.getOrDefault(p, Long.MIN_VALUE))
                    .min()
                    .orElse(Long.MAX_VALUE);
            queue.ifPresent(q -> q.release(before, window, label -> {}));
            silent = seen == 0 ? silent + 1 : 0;
            if (silent == SILENT_STEPS) {
                throw new IOException(
                        "topic " + clean.topic() + " does not give the rows again; check that Kafka runs");
            }
        }
        return window.cut();
    }

    private static String sha256(TorchArchive archive) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                archive.write(out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
