package io.winnow.hygiene.profile;

import io.winnow.core.hygiene.Profile;
import java.io.Serializable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log of profiles: the merger appends, every judge reads. It lies outside any checkpoint's transaction, because a
 * profile that waited for a checkpoint would wait for the rows that wait for the profile. Appends may repeat; a profile
 * is named by its content, so repeats are harmless. Travels with the job graph; opens its connections where it runs.
 */
public interface ProfileChannel extends Serializable {

    /** Opens the end that appends. */
    Publisher publisher();

    /**
     * Opens the end that reads.
     *
     * @param contractHash profiles of any other contract are passed over
     */
    Reader reader(String contractHash);

    /** A profile and where it lies in the log. */
    record Published(Profile profile, long offset) {}

    /** The end that appends. Not thread-safe. */
    interface Publisher extends AutoCloseable {
        /**
         * Appends a profile; returns when it is durable.
         *
         * @throws Exception if it cannot be known to be durable
         */
        void publish(Profile profile) throws Exception;

        @Override
        void close();
    }

    /** The end that reads. {@link #find} and {@link #newest} come before {@link #follow}; not thread-safe. */
    interface Reader extends AutoCloseable {
        /**
         * Looks for a profile by its name.
         *
         * @param hash its hash
         * @param offset where it probably lies
         * @return null if the log does not have it
         */
        @Nullable
        Published find(String hash, long offset);

        /** The last profile of the contract that was in the log when this reader was opened; null if there was none. */
        @Nullable
        Published newest();

        /**
         * Hands over every profile that was appended after this reader was opened, in order, on a thread of its own.
         *
         * @param onProfile called for each profile; may throw {@link java.util.concurrent.RejectedExecutionException}
         *     to end this
         * @param onFailure called once if reading fails for good
         */
        void follow(Consumer<Published> onProfile, Consumer<Throwable> onFailure);

        @Override
        void close();
    }
}
