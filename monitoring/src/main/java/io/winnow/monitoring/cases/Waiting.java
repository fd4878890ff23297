package io.winnow.monitoring.cases;

import io.winnow.core.review.Decision;
import org.jspecify.annotations.Nullable;

/**
 * A decision whose case has not come yet.
 *
 * @param decision the first one
 * @param conflicts how many contrary ones followed
 * @param lastConflict the last of those
 */
public record Waiting(
        Decision decision, int conflicts, @Nullable Decision lastConflict) implements Entry {}
