package io.winnow.app.cluster;

import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The key by which Flink's processes know each other, and know who may submit jobs: whoever submits a job runs code here,
 * and Flink asks nobody for a name. Only the owner of the data directory can read it.
 *
 * @param store a PKCS #12 file with one key and its certificate
 * @param password of the file and the key
 */
record ClusterKeys(Path store, String password) {
    private static final int PASSWORD_BYTES = 24;
    private static final int KEYTOOL_S = 60;
    private static final String VARIABLE = "WINNOW_KEY_PASSWORD";

    /**
     * The key in this directory, made if there is none.
     *
     * @throws Failure if it cannot be made
     */
    static ClusterKeys in(Path home) {
        Path store = home.resolve("flink.p12");
        Path secret = home.resolve("flink.secret");
        try {
            if (Files.exists(store) && Files.exists(secret)) {
                return new ClusterKeys(store, Files.readString(secret).strip());
            }
            Files.deleteIfExists(store);
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            ClusterKeys keys = new ClusterKeys(
                    store, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            keys.make();
            ClusterFiles.writeText(secret, keys.password());
            return keys;
        } catch (IOException e) {
            throw new Failure(
                    "Flink's key in " + home + " cannot be made or read (" + e + "); mend its permissions", e);
        }
    }

    /** Java makes keys, but writes certificates with its tool only; a command line is for all to see, so the password is not on it. */
    private void make() throws IOException {
        Path made = store.resolveSibling("flink.p12.part");
        Files.deleteIfExists(made);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "winnow",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "3072",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=winnow",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass:env",
                        VARIABLE,
                        "-keystore",
                        made.toString()))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put(VARIABLE, password);
        Process keytool = builder.start();
        try {
            String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!keytool.waitFor(KEYTOOL_S, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                keytool.destroyForcibly();
                throw new IOException(
                        "keytool said: " + said.lines().findFirst().orElse("nothing"));
            }
        } catch (InterruptedException e) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Files.move(made, store);
    }

    // The password stays out of logs.
    @Override
    public String toString() {
        return "keys in " + store;
    }
}
