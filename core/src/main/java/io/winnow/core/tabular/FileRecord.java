package io.winnow.core.tabular;

import org.jspecify.annotations.Nullable;

/**
 * One record of a file, as it goes to the raw topic.
 *
 * @param line where it starts in the file, from 1
 * @param key the text of the contract's key field in UTF-8; null without one
 * @param value a JSON object in UTF-8, or the line's exact bytes where {@code problem} says why it is none
 * @param problem why the line could not be read, in one line; null where it could
 */
public record FileRecord(
        long line,
        byte @Nullable [] key,
        byte[] value,
        @Nullable String problem) {

    /** Whether the line could be read. */
    public boolean isReadable() {
        return problem == null;
    }
}
