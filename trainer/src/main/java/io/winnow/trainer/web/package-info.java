/** The trainer's page and API on loopback: metrics, health, models, and two POSTs that need the token. */
@NullMarked
package io.winnow.trainer.web;

import org.jspecify.annotations.NullMarked;
