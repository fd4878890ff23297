package io.winnow.ingest.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Where the records of a request lie.
 *
 * @param records how many
 * @param offsets {@code partition:first-last} of each run of neighbours, {@code partition:offset} of a run of one,
 *     comma-separated, in the order of the records
 */
record Receipt(int records, String offsets) {
    private static final JsonFactory JSON = new JsonFactory();

    Receipt {
        long found = 0;
        for (String run : offsets.split(",", -1)) {
            found += Run.parse(run).length();
        }
        if (found != records) {
            throw new IllegalArgumentException("a receipt of " + records + " records names " + found);
        }
    }

    /** Neighbours on a partition. */
    private record Run(int partition, long first, long last) {
        Run {
            if (partition < 0 || first < 0 || last < first || last - first >= Integer.MAX_VALUE) {
                throw new IllegalArgumentException("no run of offsets: " + partition + ":" + first + "-" + last);
            }
        }

        static Run parse(String text) {
            int colon = text.indexOf(':');
            int dash = text.indexOf('-');
            if (colon < 1 || (dash >= 0 && dash < colon)) {
                throw new IllegalArgumentException("no run of offsets");
            }
            long first = Long.parseLong(text.substring(colon + 1, dash < 0 ? text.length() : dash));
            return new Run(
                    Integer.parseInt(text.substring(0, colon)),
                    first,
                    dash < 0 ? first : Long.parseLong(text.substring(dash + 1)));
        }

        long length() {
            return last - first + 1;
        }
    }

    /** Gathers places one by one. */
    static final class Builder {
        private final StringBuilder runs = new StringBuilder();
        private int records;
        private int partition = -1;
        private long first;
        private long last;

        /** The next record's place. */
        Builder add(int at, long offset) {
            if (at != partition || offset != last + 1) {
                end();
                partition = at;
                first = offset;
            }
            last = offset;
            records++;
            return this;
        }

        private void end() {
            if (partition >= 0) {
                runs.append(runs.isEmpty() ? "" : ",")
                        .append(partition)
                        .append(':')
                        .append(first);
                if (last > first) {
                    runs.append('-').append(last);
                }
            }
        }

        Receipt build() {
            end();
            return new Receipt(records, runs.toString());
        }
    }

    /** The answer: each record's partition and offset, in the order in which they were sent. The same for the same receipt. */
    byte[] json(String stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("stream", stream);
            json.writeNumberField("records", records);
            json.writeArrayFieldStart("offsets");
            for (String text : offsets.split(",", -1)) {
                Run run = Run.parse(text);
                for (long offset = run.first(); offset <= run.last(); offset++) {
                    json.writeStartObject();
                    json.writeNumberField("partition", run.partition());
                    json.writeNumberField("offset", offset);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
        return out.toByteArray();
    }
}
