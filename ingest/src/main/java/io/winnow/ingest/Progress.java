package io.winnow.ingest;

import java.io.PrintStream;

/** Shows a person how far a run is. Called by one thread. */
public interface Progress extends AutoCloseable {
    /**
     * How far it is.
     *
     * @param records handed to the producer
     * @param bytesRead of the files as they are stored
     * @param bytesTotal of the files as they are stored; −1 where unknown
     */
    record Position(long records, long bytesRead, long bytesTotal) {}

    /** Says how far it is; may be called for every record. */
    void at(Position position);

    /** Tells of something that went wrong without ending the run: one line. */
    void note(String line);

    @Override
    void close();

    /** A bar on a terminal, a plain line every few seconds elsewhere. */
    static Progress to(PrintStream out, boolean terminal, MonotonicTime time) {
        return terminal ? new BarProgress(out, time) : new LineProgress(out, time);
    }
}
