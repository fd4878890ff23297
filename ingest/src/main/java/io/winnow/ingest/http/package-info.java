/** The HTTP gateway: records in request bodies to raw topics, each request written once and answered when it lies there. */
@NullMarked
package io.winnow.ingest.http;

import org.jspecify.annotations.NullMarked;
