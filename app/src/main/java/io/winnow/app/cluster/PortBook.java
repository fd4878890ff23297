package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.kafka.Ports;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives out free ports, none twice. They lie below those that the operating system hands to clients: while a process is
 * started again, no connection can come to sit on its port.
 */
final class PortBook {
    private static final int FIRST = 20_000;
    private static final int LAST = 32_000;

    private final Set<Integer> taken = new HashSet<>();
    private int next = ThreadLocalRandom.current().nextInt(FIRST, LAST);

    /**
     * A port.
     *
     * @param wanted what a person chose; 0 for any
     * @param usual what it is if nobody chose and it is free
     * @param what who listens, for the error
     * @throws Failure if the chosen one is taken
     */
    int take(OptionalInt wanted, int usual, String what) {
        if (wanted.isPresent() && wanted.getAsInt() != 0) {
            taken.add(Ports.free(wanted.getAsInt(), what));
            return wanted.getAsInt();
        }
        return wanted.isEmpty() && isFree(usual, what) ? usual : any(what);
    }

    /** Any port. */
    int any(String what) {
        for (int tries = FIRST; tries < LAST; tries++) {
            next = next < LAST ? next + 1 : FIRST;
            if (isFree(next, what)) {
                return next;
            }
        }
        throw new Failure("no port from " + FIRST + " to " + LAST + " on " + Ports.LOOPBACK + " is free, so " + what
                + " cannot listen; stop what uses them");
    }

    private boolean isFree(int port, String what) {
        if (!taken.add(port)) {
            return false;
        }
        try {
            Ports.free(port, what);
            return true;
        } catch (Failure e) {
            return false;
        }
    }
}
