package io.winnow.trainer.web;

import io.winnow.trainer.registry.Roster;
import java.util.Optional;

/** What the pages ask of the trainer. Any thread may call it. */
public interface TrainerSide {
    /** The stream's name. */
    String stream();

    /** The stream's models, as they were last read. */
    Roster roster();

    /** What {@code /metrics} says. */
    String metrics();

    /** Whether the trainer does its work. */
    boolean healthy();

    /**
     * Asks for a training as soon as may be.
     *
     * @return why there will be none, in one line; empty if there will
     */
    Optional<String> retrain();
}
