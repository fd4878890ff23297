/** How profiles get from the one that makes them to those that judge by them. */
@NullMarked
package io.winnow.hygiene.profile;

import org.jspecify.annotations.NullMarked;
