package io.winnow.monitoring.web;

import io.winnow.core.review.Decision;
import java.util.List;

/** Where decisions are written. */
@FunctionalInterface
public interface DecisionLog {
    /**
     * Writes all of them, and returns once they are durable.
     *
     * @throws Refusal with status 503 if that cannot be had in good time; some may have been written
     */
    void append(List<Decision> decisions);
}
