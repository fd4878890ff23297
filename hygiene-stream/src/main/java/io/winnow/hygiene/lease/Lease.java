package io.winnow.hygiene.lease;

import io.winnow.hygiene.HygieneStartException;
import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease as who starts a job has it: taken before anything of the job touches a transaction, kept alive until the job
 * itself beats. A run has an id of its own, which travels in its job graph: however often Flink starts the job again, it is
 * the same run and keeps its lease; a second submission is another.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lease.class);
    /** Longer than it takes to find a holder silent and put it out. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Heart heart;
    private final Tenure tenure;

    private Lease(Heart heart, Tenure tenure) {
        this.heart = heart;
        this.tenure = tenure;
    }

    /**
     * Takes the lease; waits for some seconds where its holder has just died.
     *
     * @param kafka plain Kafka client properties
     * @param topic the lease's, made if it is not there
     * @param stream whose it is, for errors
     * @param takeOver whether it is taken from one who lives; then this waits until that one has stopped
     * @throws HygieneStartException if somebody lives who has it, or Kafka does not answer: one line
     */
    public static Lease take(Map<String, String> kafka, String topic, String stream, boolean takeOver) {
        String holder = UUID.randomUUID().toString();
        String who = here();
        LeaseLog log = null;
        try {
            LeaseLog.ensureTopic(kafka, topic);
            log = new LeaseLog(kafka, topic);
            Candidate candidate = new Candidate(holder, who, takeOver);
            win(log, candidate, topic, stream);
            LeaseLog open = log;
            Heart heart = new Heart(
                    topic,
                    new LeaseHolder(holder, who, Side.STARTER, candidate.state(), candidate.number()),
                    () -> open,
                    lost -> LOGGER.warn("{}", lost.getMessage()),
                    true);
            heart.start();
            return new Lease(heart, new KafkaTenure(kafka, topic, holder, who));
        } catch (KafkaException e) {
            close(log);
            throw new HygieneStartException(
                    "the lease of stream " + stream + " cannot be taken (" + e.getMessage()
                            + "); look at the brokers, and whether topic " + topic + " may be made, read and written",
                    e);
        } catch (RuntimeException e) {
            close(log);
            throw e;
        }
    }

    private static void win(LeaseLog log, Candidate candidate, String topic, String stream) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean readUp = false;
        while (System.nanoTime() < deadline) {
            log.poll(POLL, (record, millis) -> candidate.see(record, millis, System.nanoTime()));
            readUp = readUp || log.isReadUp();
            if (!readUp) {
                continue;
            }
            Candidate.Move move = candidate.next(System.nanoTime());
            if (move instanceof Candidate.Move.Append append) {
                log.append(append.record());
            } else if (move instanceof Candidate.Move.Refused refused) {
                throw new HygieneStartException("a job of stream " + stream + " runs already, started " + refused.who()
                        + "; stop it first, or start with --take-over, which ends it");
            } else if (move instanceof Candidate.Move.Won won) {
                LOGGER.info("has the lease of stream {} for term {}", stream, won.term());
                return;
            }
        }
        throw new KafkaException(topic + " was not written or read within " + PATIENCE.toSeconds() + " s");
    }

    private static void close(@org.jspecify.annotations.Nullable LeaseLog log) {
        if (log != null) {
            log.close();
        }
    }

    private static String here() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "an unnamed host";
        }
        return "by process " + ProcessHandle.current().pid() + " on " + host;
    }

    /** What the job keeps it with. */
    public Tenure tenure() {
        return tenure;
    }

    /**
     * Whether it is still had.
     *
     * @throws HygieneStartException if somebody took it over in the meantime
     */
    public void check() {
        if (heart.isLost()) {
            throw new HygieneStartException("the lease was taken over while the job was being started; it is not");
        }
    }

    /** Gives it back at once: there will be no job. */
    public void abandon() {
        heart.abandon();
    }

    /**
     * Ends the beating of who started the job. Where the job was heard, the lease is its own; otherwise it runs out within
     * {@link LeaseState#VALIDITY}, so that a job that is slow to start still finds it.
     */
    @Override
    public void close() {
        heart.close();
    }
}
