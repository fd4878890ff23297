package io.winnow.core.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a stream's records look like and how they are judged. Read it with {@link ContractReader}.
 *
 * @param stream the stream's name; its topics are named after it
 * @param key the field whose rows stay in order, if any; producers use it as the Kafka key
 * @param contextPerKey whether a row is also compared with the last rows of its key; needs the key
 * @param time where the event time is; without it the record's Kafka timestamp serves
 * @param features the fields that are judged, in order
 * @param target what the trainer learns, if anything
 * @param labels whether targets may also come later, as records of their own; needs the target
 * @param derive what a model sees of the rows before
 * @param hygiene what is set aside
 * @param training when models are retrained
 */
public record Contract(
        String stream,
        Optional<String> key,
        boolean contextPerKey,
        Optional<TimeField> time,
        List<Feature> features,
        Optional<Target> target,
        Optional<Labels> labels,
        Derive derive,
        Hygiene hygiene,
        Training training) {

    /** More features than this are refused: a profile must stay within its size. */
    public static final int MAX_FEATURES = 512;

    /** Nor more than these, categories apart, where rows are compared with those before them. */
    public static final int MAX_CONTEXT_FEATURES = 128;

    private static final Pattern STREAM_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}");

    public Contract {
        features = List.copyOf(features);
        if (!STREAM_NAME.matcher(stream).matches()) {
            throw new IllegalArgumentException("stream name '" + stream
                    + "' must be 1 to 100 letters, digits, '.', '_' or '-', starting with a letter or digit");
        }
        if (features.isEmpty() || features.size() > MAX_FEATURES) {
            throw new IllegalArgumentException(
                    "a contract needs 1 to " + MAX_FEATURES + " features, not " + features.size());
        }
        Set<String> names = new HashSet<>();
        for (Feature f : features) {
            if (!names.add(f.name())) {
                throw new IllegalArgumentException("feature '" + f.name() + "' is there twice");
            }
        }
        if (contextPerKey && key.isEmpty()) {
            throw new IllegalArgumentException(
                    "context per key needs a key; add 'key: FIELD', the field that says whose row"
                            + " it is, or leave 'context' out");
        }
        long compared =
                features.stream().filter(f -> f.type() != FeatureType.CATEGORY).count();
        if (contextPerKey && compared > MAX_CONTEXT_FEATURES) {
            throw new IllegalArgumentException("context per key is for at most " + MAX_CONTEXT_FEATURES
                    + " features that are no categories, not " + compared + "; leave 'context' out");
        }
        if (labels.isPresent() && target.isEmpty()) {
            throw new IllegalArgumentException(
                    "labels need a target; add 'target: {name: …, type: …}', or leave 'labels' out");
        }
        target.ifPresent(t -> {
            if (names.contains(t.name())) {
                throw new IllegalArgumentException("'" + t.name() + "' is both a feature and the target");
            }
        });
    }

    /** The same contract with other hygiene. */
    public Contract with(Hygiene other) {
        return new Contract(stream, key, contextPerKey, time, features, target, labels, derive, other, training);
    }

    /** The position of the feature with this name, or −1. */
    public int indexOf(String feature) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(feature)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * SHA-256 over what decides how a record is decoded and scored (fields, types, bounds, time, context), in hex. Two contracts
     * with the same hash share profiles; thresholds, labels, derived inputs and training may differ.
     */
    public String hash() {
        // Each name comes with its length: none can pretend to be more than a name.
        StringBuilder s =
                new StringBuilder("winnow-contract-1\n").append(stream).append('\n');
        time.ifPresent(t -> s.append("time ").append(t.format().label()).append(named(t.field())));
        for (Feature f : features) {
            s.append(f.type().label()).append(' ').append(f.min()).append(' ').append(f.max());
            s.append(' ').append(f.required()).append(named(f.name()));
        }
        if (contextPerKey) {
            s.append("context per key").append(named(key.orElseThrow()));
        }
        target.ifPresent(t -> s.append("target ").append(t.type().label()).append(named(t.name())));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(s.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String named(String name) {
        return " " + name.length() + " " + name + "\n";
    }
}
