/** What a stream's records must look like: the contract, read from YAML and validated. */
@NullMarked
package io.winnow.core.contract;

import org.jspecify.annotations.NullMarked;
