/** The desk over HTTP: its API, its page, its metrics, and who may use them. Knows cases, not Kafka. */
@NullMarked
package io.winnow.monitoring.web;

import org.jspecify.annotations.NullMarked;
