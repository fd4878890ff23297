package io.winnow.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * What is remembered of a client: its last request.
 *
 * @param sequence the request's number
 * @param digest SHA-256 of its body, decompressed, in hex
 * @param records how many records it held
 * @param offsets where they lie, as {@link Receipt#offsets}
 */
record Note(long sequence, String digest, int records, String offsets) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    Note(long sequence, String digest, Receipt receipt) {
        this(sequence, digest, receipt.records(), receipt.offsets());
    }

    Receipt receipt() {
        return new Receipt(records, offsets);
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values is JSON", e);
        }
    }

    /** Reads what {@link #encode} wrote; empty if it is anything else. */
    static Optional<Note> decode(byte[] value) {
        try {
            Note note = JSON.readValue(value, Note.class);
            if (note == null || note.digest == null || note.offsets == null) {
                return Optional.empty();
            }
            note.receipt();
            return Optional.of(note);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
