package io.winnow.ingest.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a stream's requests in the order in which they were taken. One thread: while a transaction is on its way, what
 * arrives waits, and goes with the next. After a failure it begins again, and nothing is taken until it has.
 */
final class StreamWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWriter.class);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final int RETRY_SECONDS = 2;
    private static final long PAUSE_MILLIS = 500;
    /** One transaction holds no more than this, or one request. */
    private static final long GROUP_BYTES = 16L << 20;

    private final String stream;
    private final RequestLog log;
    private final Runnable takenOver;
    private final Thread thread;
    private final Deque<Submission> queue = new ArrayDeque<>();
    private final Map<String, Submission> underWay = new HashMap<>();
    private Clients clients;
    /** Why nothing is taken; null while all is well. */
    private @Nullable Refusal closed;

    private boolean stopping;

    /**
     * Begins at once.
     *
     * @param takenOver is called when another gateway has begun to write the stream
     * @throws KafkaException if it cannot begin
     */
    StreamWriter(String stream, RequestLog log, Runnable takenOver) {
        this.stream = stream;
        this.log = log;
        this.takenOver = takenOver;
        this.clients = log.open();
        this.thread = new Thread(this::run, "gateway-" + stream);
        this.thread.start();
    }

    /**
     * Takes a request, which keeps its lease until it is written.
     *
     * @return what to wait for, and to answer from: the request given, or the same one of before
     * @throws Refusal 409 if it is out of turn, 503 if nothing can be written now
     */
    synchronized Taken take(Submission request) {
        if (closed != null) {
            throw closed;
        }
        if (request.turn().isPresent()) {
            Turn turn = request.turn().get();
            Submission first = underWay.get(turn.client());
            if (first != null) {
                return new Taken(again(first, request, turn), true);
            }
            Optional<Note> last = clients.last(turn.client());
            if (last.isPresent() && isRepeated(last.get(), request, turn)) {
                request.outcome().complete(last.get().receipt());
                return new Taken(request, true);
            }
            underWay.put(turn.client(), request);
        }
        queue.add(request);
        notifyAll();
        return new Taken(request, false);
    }

    /**
     * What became of taking a request.
     *
     * @param request whose outcome is the answer
     * @param repeated whether it had been taken before
     */
    record Taken(Submission request, boolean repeated) {}

    private static Submission again(Submission first, Submission request, Turn turn) {
        long sequence = first.turn().orElseThrow().sequence();
        if (turn.sequence() != sequence) {
            throw new Refusal(
                    409,
                    "sequence " + sequence + " of client '" + turn.client()
                            + "' is still under way; wait for its answer",
                    1);
        }
        requireSame(first.digest(), request, turn);
        return first;
    }

    private static boolean isRepeated(Note last, Submission request, Turn turn) {
        if (turn.sequence() == last.sequence()) {
            requireSame(last.digest(), request, turn);
            return true;
        }
        if (turn.sequence() < last.sequence()) {
            throw new Refusal(
                    409,
                    "sequence " + turn.sequence() + " of client '" + turn.client() + "' is too old: the last one was "
                            + last.sequence() + ", and only its answer is kept; nothing was written");
        }
        if (turn.sequence() != last.sequence() + 1) {
            throw new Refusal(
                    409,
                    "sequence " + turn.sequence() + " of client '" + turn.client() + "' is out of order: send "
                            + (last.sequence() + 1) + " first; nothing was written");
        }
        return false;
    }

    private static void requireSame(String digest, Submission request, Turn turn) {
        if (!digest.equals(request.digest())) {
            throw new Refusal(
                    409,
                    "sequence " + turn.sequence() + " of client '" + turn.client()
                            + "' was another body; take the next number for a new request; nothing was written");
        }
    }

    /** Whether requests are taken. */
    synchronized boolean isReady() {
        return closed == null;
    }

    private void run() {
        List<Submission> group = List.of();
        try {
            for (group = next(); !group.isEmpty(); group = next()) {
                write(group);
            }
        } finally {
            log.close();
            giveUp(group, "it is not known whether it was written");
        }
    }

    /** The next requests, in order; none when it is to stop and all are done. */
    private synchronized List<Submission> next() {
        try {
            while (queue.isEmpty() && !stopping) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        List<Submission> group = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && (group.isEmpty() || bytes + queue.peek().bytes() <= GROUP_BYTES)) {
            Submission request = queue.remove();
            bytes += request.bytes();
            group.add(request);
        }
        return group;
    }

    private void write(List<Submission> group) {
        try {
            List<Receipt> receipts = log.write(group);
            for (int i = 0; i < group.size(); i++) {
                written(group.get(i), receipts.get(i));
            }
        } catch (RequestLog.TooLargeException e) {
            if (group.size() > 1) {
                group.forEach(request -> write(List.of(request)));
            } else {
                refuse(group.get(0), new Refusal(413, "a record is larger than the topic takes; nothing was written"));
            }
        } catch (RequestLog.UncertainException e) {
            beginAgain(group, "it is not known whether it was written", e);
        } catch (RuntimeException e) {
            beginAgain(group, "nothing was written", e);
        }
    }

    private void written(Submission request, Receipt receipt) {
        synchronized (this) {
            request.turn().ifPresent(turn -> {
                clients.remember(turn.client(), new Note(turn.sequence(), request.digest(), receipt));
                underWay.remove(turn.client());
            });
        }
        request.lease().close();
        request.outcome().complete(receipt);
    }

    private void refuse(Submission request, Refusal refusal) {
        synchronized (this) {
            request.turn().ifPresent(turn -> underWay.remove(turn.client(), request));
        }
        request.lease().close();
        request.outcome().completeExceptionally(refusal);
    }

    private void beginAgain(List<Submission> group, String outcome, RuntimeException failure) {
        LOG.warn("the gateway cannot write stream {} ({}); it tries to begin again", stream, failure.toString());
        giveUp(group, outcome);
        while (!tryOpen() && pause()) {
            // Kafka is still away.
        }
    }

    /** Refuses what is under way, what waits, and what will come. */
    private void giveUp(List<Submission> group, String outcome) {
        List<Submission> waiting;
        synchronized (this) {
            closed = closed == null ? away("nothing was written") : closed;
            waiting = List.copyOf(queue);
            queue.clear();
        }
        group.forEach(request -> refuse(request, away(outcome)));
        waiting.forEach(request -> refuse(request, away("nothing was written")));
    }

    private Refusal away(String outcome) {
        return new Refusal(
                503,
                "Kafka does not take records of stream '" + stream + "' now, and " + outcome
                        + "; send it again, with the same Winnow-Client and Winnow-Sequence if it had them",
                RETRY_SECONDS);
    }

    /** Whether it is done with: it has begun, or never will again. */
    private boolean tryOpen() {
        try {
            Clients fresh = log.open();
            synchronized (this) {
                clients = fresh;
                closed = stopping ? away("nothing was written") : null;
            }
            LOG.info("the gateway writes stream {} again", stream);
            return true;
        } catch (RequestLog.TakenOverException e) {
            synchronized (this) {
                closed = new Refusal(503, "another gateway has taken over stream '" + stream + "'; send it there");
            }
            LOG.error("another gateway has taken over stream {}; this one takes no more of its records", stream);
            takenOver.run();
            return true;
        } catch (KafkaException e) {
            LOG.debug("stream {} cannot be written yet", stream, e);
            return false;
        }
    }

    /** Waits a little; false when it is to stop. */
    private synchronized boolean pause() {
        try {
            if (!stopping) {
                wait(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !stopping;
    }

    /** Takes no more, writes what was taken, and lets go of the log. */
    @Override
    public void close() {
        synchronized (this) {
            stopping = true;
            closed = new Refusal(503, "the gateway is stopping; nothing was written", RETRY_SECONDS);
            notifyAll();
        }
        try {
            thread.join(STOP.toMillis());
            if (thread.isAlive()) {
                LOG.warn("stream {} could not be written to its end within {} s", stream, STOP.toSeconds());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
