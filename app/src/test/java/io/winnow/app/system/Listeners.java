package io.winnow.app.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The TCP sockets that a process listens on, as Linux tells. */
public final class Listeners {
    /** Whether this system tells. */
    public static final boolean KNOWN = Files.isReadable(Path.of("/proc/self/net/tcp"));

    private static final String LISTEN = "0A";

    private Listeners() {}

    /** Those of this process. */
    public static List<InetSocketAddress> ofThisProcess() throws IOException {
        return of(ProcessHandle.current().pid());
    }

    /** Those of a process. */
    public static List<InetSocketAddress> of(long pid) throws IOException {
        Set<String> own = sockets(pid);
        List<InetSocketAddress> listeners = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc/" + pid + "/net/" + table);
            if (!Files.exists(file)) {
                continue;
            }
            for (String line : Files.readAllLines(file)) {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 9 && columns[3].equals(LISTEN) && own.contains(columns[9])) {
                    listeners.add(address(columns[1]));
                }
            }
        }
        return listeners;
    }

    private static Set<String> sockets(long pid) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring("socket:[".length(), target.length() - 1));
                    }
                } catch (NoSuchFileException e) {
                    // Closed since it was listed.
                }
            }
        }
        return inodes;
    }

    /** {@code 0100007F:1F90}: words of the address in the machine's byte order, port in hexadecimal. */
    private static InetSocketAddress address(String hex) throws IOException {
        int colon = hex.indexOf(':');
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex.substring(0, colon)));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.order(ByteOrder.nativeOrder()).putInt(words.getInt());
        }
        return new InetSocketAddress(
                InetAddress.getByAddress(bytes.array()), Integer.parseInt(hex.substring(colon + 1), 16));
    }
}
