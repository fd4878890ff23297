/** Records that can be counted, and the count of them by plain Kafka clients: nothing here knows Winnow. */
@NullMarked
package io.winnow.faults.count;

import org.jspecify.annotations.NullMarked;
