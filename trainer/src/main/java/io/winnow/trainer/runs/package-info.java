/** Records of trainings: what each was given, how it went, and what came of it. */
@NullMarked
package io.winnow.trainer.runs;

import org.jspecify.annotations.NullMarked;
