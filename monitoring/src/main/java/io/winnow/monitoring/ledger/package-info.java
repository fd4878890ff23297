/** The ledger: every raw record gets exactly one verdict, proved from the topics alone. */
@NullMarked
package io.winnow.monitoring.ledger;

import org.jspecify.annotations.NullMarked;
