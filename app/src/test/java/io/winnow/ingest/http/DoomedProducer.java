package io.winnow.ingest.http;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;

/** A producer whose process dies when it is about to commit its second transaction: the first one is the beginning. */
final class DoomedProducer {
    private DoomedProducer() {}

    @SuppressWarnings("unchecked")
    static Producer<byte[], byte[]> of(Producer<byte[], byte[]> producer) {
        AtomicInteger commits = new AtomicInteger();
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                DoomedProducer.class.getClassLoader(), new Class<?>[] {Producer.class}, (self, method, arguments) -> {
                    if (method.getName().equals("commitTransaction") && commits.incrementAndGet() == 2) {
                        throw new Error("killed");
                    }
                    try {
                        return method.invoke(producer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
