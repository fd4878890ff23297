package io.winnow.ingest.http;

/**
 * Which request of which client.
 *
 * @param client the client's name for itself
 * @param sequence one more than that of its last request
 */
record Turn(String client, long sequence) {}
