package io.winnow.ingest.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last request of each client, of as many of the newest clients as fit. Not thread-safe. */
final class Clients {
    /** What a client costs beside its name and its offsets. */
    private static final int OVERHEAD_BYTES = 256;

    private final long atMost;
    private final Map<String, Note> notes = new LinkedHashMap<>();
    private long bytes;

    /** @param atMost bytes that all of them may take */
    Clients(long atMost) {
        this.atMost = atMost;
    }

    /** Remembers a client's request instead of the one before; who has been silent longest is forgotten for it. */
    void remember(String client, Note note) {
        forget(client);
        notes.put(client, note);
        bytes += size(client, note);
        while (bytes > atMost && notes.size() > 1) {
            forget(notes.keySet().iterator().next());
        }
    }

    Optional<Note> last(String client) {
        return Optional.ofNullable(notes.get(client));
    }

    int size() {
        return notes.size();
    }

    private void forget(String client) {
        Note old = notes.remove(client);
        if (old != null) {
            bytes -= size(client, old);
        }
    }

    private static long size(String client, Note note) {
        return client.length() + note.offsets().length() + note.digest().length() + OVERHEAD_BYTES;
    }
}
