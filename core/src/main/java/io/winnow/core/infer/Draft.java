package io.winnow.core.infer;

import io.winnow.core.contract.Contract;

/**
 * A contract drafted from a file.
 *
 * @param contract what the text says
 * @param yaml the text, with comments that say why and what to check
 * @param sampled readable records that it was drafted from
 * @param fitting how many of those decode under it; the rest would be quarantined
 * @param unreadable lines among them that could not be read
 * @param rows records in the whole file: counted if all were read, else estimated from its size
 */
public record Draft(Contract contract, String yaml, long sampled, long fitting, long unreadable, long rows) {}
