package io.winnow.hygiene;

import io.winnow.hygiene.record.Delivery;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Collects deliveries in this JVM, under a name; and the threads that delivered them. */
public final class CollectingSink implements Sink<Delivery> {
    private static final long serialVersionUID = 1;
    private static final Map<String, Queue<Delivery>> COLLECTED = new ConcurrentHashMap<>();
    private static final Map<String, Queue<String>> THREADS = new ConcurrentHashMap<>();

    private final String name;

    public CollectingSink(String name) {
        this.name = name;
    }

    public Queue<Delivery> collected() {
        return COLLECTED.computeIfAbsent(name, n -> new ConcurrentLinkedQueue<>());
    }

    public Queue<String> threads() {
        return THREADS.computeIfAbsent(name, n -> new ConcurrentLinkedQueue<>());
    }

    @Override
    public SinkWriter<Delivery> createWriter(WriterInitContext context) {
        return new SinkWriter<>() {
            @Override
            public void write(Delivery delivery, Context written) {
                collected().add(delivery);
                threads().add(Thread.currentThread().getName());
            }

            @Override
            public void flush(boolean endOfInput) {}

            @Override
            public void close() {}
        };
    }
}
