package io.winnow.core.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the records of the labels topic look like: the target, and what says whose it is. */
public final class LabelContract {
    /** The field that names a raw record, as the header {@code dq.id} does. */
    public static final String ID = "dq.id";

    private LabelContract() {}

    /**
     * The contract of the labels of a stream: its key and target, {@link #ID}, and the field of the event time, which is
     * optional here: ISO-8601 as a time, else as the number that it is. Where the target is that field, no time can be
     * named.
     *
     * @throws IllegalArgumentException if its labels cannot come later
     */
    public static Contract of(Contract contract) {
        Target target = contract.target()
                .filter(t -> contract.labels().isPresent())
                .orElseThrow(() -> new IllegalArgumentException("the contract of " + contract.stream()
                        + " has no labels that come later; add 'labels: {within: 24h}'"));
        List<Feature> fields = new ArrayList<>();
        fields.add(Feature.of(ID, FeatureType.CATEGORY));
        contract.time()
                .filter(t -> !t.field().equals(ID) && !t.field().equals(target.name()))
                .map(t -> Feature.of(
                        t.field(), t.format() == TimeField.Format.ISO_8601 ? FeatureType.TIME : FeatureType.NUMBER))
                .ifPresent(fields::add);
        return new Contract(
                contract.stream(),
                contract.key(),
                false,
                Optional.empty(),
                fields,
                contract.target(),
                contract.labels(),
                contract.derive(),
                contract.hygiene(),
                contract.training());
    }
}
