package io.winnow.hygiene.lease;

import java.io.Serializable;
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
        /** Whether nobody else can have it yet, so that what is begun now may be made final. */
        boolean isSure();

        /** Gives it back. */
        @Override
        void close();
    }
}
