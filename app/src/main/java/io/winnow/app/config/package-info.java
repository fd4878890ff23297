/** The configuration file of {@code winnow run}. */
@NullMarked
package io.winnow.app.config;

import org.jspecify.annotations.NullMarked;
