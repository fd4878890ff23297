package io.winnow.core.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and what a browser may do with the answer. Winnow's pages listen on loopback only; a page from elsewhere
 * could still reach them through a name that resolves to 127.0.0.1, so the Host header must name loopback too.
 */
public final class Access {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String BEARER = "Bearer ";

    private final byte[] token;

    /**
     * Access by this token.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Access(String token) {
        if (token.isBlank()) {
            throw new IllegalArgumentException("a token is needed: without one nobody could change anything");
        }
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Headers of every answer: nothing from elsewhere is loaded, and nobody else may show, read or keep it. */
    public static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                        + "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Cache-Control", "no-store");
        return headers;
    }

    /** Whether a Host header names loopback, with a port or without. */
    public static boolean isLoopback(@Nullable String host) {
        if (host == null) {
            return false;
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon > 0 && host.indexOf(']') < colon;
        return LOOPBACK.contains((port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT));
    }

    /** Whether the page that asks, if a browser names one by its Origin header, is this host's own. */
    public static boolean isOwnPage(@Nullable String origin, @Nullable String host) {
        return origin == null || origin.equalsIgnoreCase("http://" + host);
    }

    /** Whether an Authorization header brings the token; takes as long for a near miss as for a far one. */
    public boolean grants(@Nullable String authorization) {
        byte[] given = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        return MessageDigest.isEqual(token, given);
    }
}
