package io.winnow.monitoring.web;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and what a browser may do with the answer. The desk listens on loopback only; a page from elsewhere could
 * still reach it through a name that resolves to 127.0.0.1, so the Host header must name loopback too.
 */
final class Guard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "Bearer ";
    private static final String CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final byte[] token;

    Guard(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("the desk needs a token: without one nobody could decide");
        }
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Before every request. */
    void admit(Context ctx) {
        ctx.header("Content-Security-Policy", CSP);
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Cross-Origin-Opener-Policy", "same-origin");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Cache-Control", "no-store");
        if (!isLoopback(ctx.header("Host"))) {
            throw new Refusal(403, "the desk answers only to localhost, 127.0.0.1 and [::1]");
        }
    }

    /** Before everything that changes something; a browser names the origin of the page that asks for it. */
    void authorize(Context ctx) {
        String origin = ctx.header("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + ctx.header("Host"))) {
            throw new Refusal(403, "a page of another origin may not decide; use the desk's own page, or the API");
        }
        String header = ctx.header("Authorization");
        byte[] given = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        // Takes as long for a near miss as for a far one.
        if (!MessageDigest.isEqual(token, given)) {
            ctx.header("WWW-Authenticate", "Bearer");
            throw new Refusal(401, "needs the header 'Authorization: Bearer TOKEN' with the desk's token");
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon > 0 && host.indexOf(']') < colon;
        return LOOPBACK.contains((port ? host.substring(0, colon) : host).toLowerCase(java.util.Locale.ROOT));
    }
}
