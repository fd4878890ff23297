package io.winnow.app.kafka;

import io.winnow.app.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports on 127.0.0.1: nothing of ours listens anywhere else. */
public final class Ports {
    /** The only address that anything of ours listens on. */
    public static final String LOOPBACK = "127.0.0.1";

    private Ports() {}

    /**
     * A port that is free now.
     *
     * @param wanted the port that was asked for; 0 for any
     * @param what who wants it, for the error
     * @throws Failure if the port that was asked for is taken
     */
    public static int free(int wanted, String what) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a port whose last owner has just gone is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), wanted));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw inUse(wanted, what, e);
        }
    }

    /** This port if it is free, else any free one: for a default that nobody asked for. */
    public static int preferred(int port, String what) {
        try {
            return free(port, what);
        } catch (Failure e) {
            return free(0, what);
        }
    }

    /** What to say about a port that is taken. */
    public static Failure inUse(int port, String what, Throwable cause) {
        return new Failure(
                "port " + port + " on " + LOOPBACK + " is in use, so " + what
                        + " cannot listen there; stop what uses it or choose another port (0 for any)",
                cause);
    }
}
