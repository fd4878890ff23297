package io.winnow.ingest.http;

import io.javalin.http.Context;
import io.winnow.core.access.Access;

/** Holds {@link Access} against the gateway's requests. */
final class Guard {
    private final Access access;

    Guard(String token) {
        access = new Access(token);
    }

    /** Before every request. */
    void admit(Context ctx) {
        Access.headers().forEach(ctx::header);
        if (!Access.isLoopback(ctx.header("Host"))) {
            throw new Refusal(403, "the gateway answers only to localhost, 127.0.0.1 and [::1]");
        }
    }

    /** Before every POST. */
    void authorize(Context ctx) {
        if (!Access.isOwnPage(ctx.header("Origin"), ctx.header("Host"))) {
            throw new Refusal(403, "a page of another origin may not send records");
        }
        if (!access.grants(ctx.header("Authorization"))) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new Refusal(401, "needs the header 'Authorization: Bearer TOKEN' with the token of this winnow");
        }
    }
}
