package io.winnow.hygiene.lease;

import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The right to run a stream's job, as the job itself keeps it while it runs. Travels in a job graph. */
public interface Tenure extends Serializable {
    /**
     * Keeps it from now on.
     *
     * @param onLoss is told, once, from another thread, when somebody else has it
     */
    Keeping keep(Consumer<LeaseLostException> onLoss);

    /** A tenure being kept. */
    interface Keeping extends AutoCloseable {
        /**
         * Completes once nobody else can have it yet, so that what is begun then may be made final: at once, as a rule;
         * after an outage of Kafka, when it is back; exceptionally if the tenure is over.
         */
        CompletableFuture<Void> whenSure();

        /** Gives it back. */
        @Override
        void close();
    }
}
