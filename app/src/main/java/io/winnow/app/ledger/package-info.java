/** Closes the ledger: finds what has no verdict and has it judged again. */
@NullMarked
package io.winnow.app.ledger;

import org.jspecify.annotations.NullMarked;
