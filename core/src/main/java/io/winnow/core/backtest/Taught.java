package io.winnow.core.backtest;

/**
 * What decisions taught: the most surprising rows after the warm-up decided as the truth says, all at once, and the file
 * run over once more from its first row with those decisions known. Figures are over the rest: the rows after the warm-up
 * that were not decided.
 *
 * @param decisions rows decided
 * @param discarded those of them that are anomalies; the others were released
 * @param averagePrecisionBefore of the rest, untaught; NaN where no anomalies are left
 * @param averagePrecisionAfter of the rest, taught
 */
public record Taught(int decisions, int discarded, double averagePrecisionBefore, double averagePrecisionAfter) {}
