package io.winnow.hygiene;

import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Quote;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The job's command line, read into its configuration. */
final class JobOptions {
    private static final String SERVERS = "bootstrap.servers";
    private static final String EXACTLY_ONCE = "exactly-once";
    private static final String AT_LEAST_ONCE = "at-least-once";
    private static final String TAKE_OVER = "--take-over";
    private static final List<String> NAMES = List.of(
            "--contract",
            "--bootstrap",
            "--checkpoints",
            "--kafka-properties",
            "--parallelism",
            "--checkpoint-millis",
            "--delivery",
            "--seed");

    private final Map<String, String> given = new HashMap<>();

    private JobOptions(String[] all) {
        String[] args = Arrays.stream(all).filter(a -> !a.equals(TAKE_OVER)).toArray(String[]::new);
        for (int i = 0; i < args.length; i += 2) {
            if (!NAMES.contains(args[i])) {
                throw new HygieneStartException("unknown option " + Quote.of(args[i]) + "; there are "
                        + String.join(", ", NAMES) + " and " + TAKE_OVER);
            }
            if (i + 1 == args.length || NAMES.contains(args[i + 1])) {
                throw new HygieneStartException(args[i] + " needs a value after it");
            }
            if (given.put(args[i], args[i + 1]) != null) {
                throw new HygieneStartException(args[i] + " is there twice; give it once");
            }
        }
    }

    /**
     * Reads the command line and the files that it names.
     *
     * @throws HygieneStartException if an option is unknown, missing or cannot be used, or the properties cannot be read
     * @throws io.winnow.core.contract.ContractException if the contract cannot be used
     */
    static HygieneConfig parse(String[] args) {
        JobOptions o = new JobOptions(args);
        Path contract = o.path("--contract");
        Path checkpoints = o.path("--checkpoints");
        Map<String, String> kafka = o.kafka();
        long parallelism = o.number("--parallelism", 2);
        Duration interval = Duration.ofMillis(o.number("--checkpoint-millis", 1_000));
        boolean exactlyOnce = o.exactlyOnce();
        long seed = o.number("--seed", 0);
        try {
            return new HygieneConfig(
                    ContractReader.read(contract),
                    kafka,
                    Math.toIntExact(parallelism),
                    interval,
                    exactlyOnce,
                    checkpoints,
                    seed);
        } catch (ArithmeticException e) {
            throw new HygieneStartException("--parallelism " + parallelism + " is more than Flink takes", e);
        } catch (IllegalArgumentException e) {
            throw new HygieneStartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether the job takes the lease from one that runs. */
    static boolean takesOver(String[] args) {
        return Arrays.asList(args).contains(TAKE_OVER);
    }

    /** Client properties from the file, if one is given; the addresses on the command line come before those in it. */
    private Map<String, String> kafka() {
        Map<String, String> kafka = new HashMap<>();
        if (given.containsKey("--kafka-properties")) {
            kafka.putAll(properties(path("--kafka-properties")));
        }
        String servers = given.getOrDefault("--bootstrap", kafka.getOrDefault(SERVERS, ""));
        if (servers.isBlank()) {
            throw new HygieneStartException("--bootstrap is missing: host:port of at least one broker, here or as "
                    + SERVERS + " in the file of --kafka-properties");
        }
        kafka.put(SERVERS, servers);
        return kafka;
    }

    /** What the file holds is never quoted in an error: it may be a secret. */
    private static Map<String, String> properties(Path file) {
        String where = "--kafka-properties " + file;
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            read.load(reader);
        } catch (NoSuchFileException e) {
            throw new HygieneStartException(where + ": there is no such file", e);
        } catch (MalformedInputException e) {
            throw new HygieneStartException(where + " is not UTF-8 text; write key=value lines", e);
        } catch (IOException e) {
            throw new HygieneStartException(
                    where + " cannot be read (" + e.getClass().getSimpleName()
                            + "); check that it is a file, and who may" + " read it",
                    e);
        } catch (IllegalArgumentException e) {
            throw new HygieneStartException(where + " has a \\u without four hexadecimal digits; write \\\\u", e);
        }
        Map<String, String> properties = new HashMap<>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }

    private Path path(String name) {
        try {
            return Path.of(text(name));
        } catch (InvalidPathException e) {
            throw new HygieneStartException(name + " is no path: " + Quote.of(text(name)), e);
        }
    }

    private String text(String name) {
        String value = given.get(name);
        if (value == null || value.isBlank()) {
            throw new HygieneStartException(name + " is missing; give it with a value");
        }
        return value;
    }

    private boolean exactlyOnce() {
        String value = given.getOrDefault("--delivery", EXACTLY_ONCE);
        if (!value.equals(EXACTLY_ONCE) && !value.equals(AT_LEAST_ONCE)) {
            throw new HygieneStartException(
                    "--delivery must be " + EXACTLY_ONCE + " or " + AT_LEAST_ONCE + ", not " + Quote.of(value));
        }
        return value.equals(EXACTLY_ONCE);
    }

    private long number(String name, long otherwise) {
        String value = given.get(name);
        try {
            return value == null ? otherwise : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new HygieneStartException(name + " must be a whole number, not " + Quote.of(value), e);
        }
    }
}
