package io.winnow.monitoring.web;

import io.javalin.http.Context;
import io.winnow.core.access.Access;

/** Holds {@link Access} against the desk's requests. */
final class Guard {
    private final Access access;

    Guard(String token) {
        access = new Access(token);
    }

    /** Before every request. */
    void admit(Context ctx) {
        Access.headers().forEach(ctx::header);
        if (!Access.isLoopback(ctx.header("Host"))) {
            throw new Refusal(403, "the desk answers only to localhost, 127.0.0.1 and [::1]");
        }
    }

    /** Before everything that changes something; a browser names the origin of the page that asks for it. */
    void authorize(Context ctx) {
        if (!Access.isOwnPage(ctx.header("Origin"), ctx.header("Host"))) {
            throw new Refusal(403, "a page of another origin may not decide; use the desk's own page, or the API");
        }
        if (!access.grants(ctx.header("Authorization"))) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new Refusal(401, "needs the header 'Authorization: Bearer TOKEN' with the desk's token");
        }
    }
}
