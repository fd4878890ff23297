package io.winnow.trainer.window;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.trainer.archive.ModelSpec.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How a contract's fields become columns: numbers, booleans and times are numeric, in the contract's order, then the
 * event time where the contract names its field; categories are apart.
 *
 * @param numbers the numeric columns
 * @param categories names of the category columns
 * @param target what is learned
 */
public record Columns(List<Column> numbers, List<String> categories, Target target) {
    public Columns {
        numbers = List.copyOf(numbers);
        categories = List.copyOf(categories);
    }

    /**
     * The columns of this contract.
     *
     * @throws IllegalArgumentException if it has no target
     */
    public static Columns of(Contract contract) {
        Target target = contract.target()
                .orElseThrow(() -> new IllegalArgumentException("the contract of " + contract.stream()
                        + " names no target, so there is nothing to learn; add 'target: {name: …, type: …}'"));
        List<Column> numbers = new ArrayList<>();
        for (Feature f : contract.features()) {
            if (f.type() != FeatureType.CATEGORY) {
                numbers.add(new Column(f.name(), f.type() == FeatureType.TIME));
            }
        }
        eventTime(contract).ifPresent(numbers::add);
        List<String> categories = contract.features().stream()
                .filter(f -> f.type() == FeatureType.CATEGORY)
                .map(Feature::name)
                .toList();
        return new Columns(numbers, categories, target);
    }

    private static Optional<Column> eventTime(Contract contract) {
        return contract.time().filter(t -> contract.indexOf(t.field()) < 0).map(t -> new Column(t.field(), true));
    }

    /** For each numeric column, its feature's position in the contract; −1 for the event time. */
    static int[] numberSources(Contract contract) {
        IntStream features = IntStream.range(0, contract.features().size())
                .filter(i -> contract.features().get(i).type() != FeatureType.CATEGORY);
        IntStream time = eventTime(contract).isPresent() ? IntStream.of(-1) : IntStream.empty();
        return IntStream.concat(features, time).toArray();
    }

    /** For each category column, its feature's position in the contract. */
    static int[] categorySources(Contract contract) {
        return IntStream.range(0, contract.features().size())
                .filter(i -> contract.features().get(i).type() == FeatureType.CATEGORY)
                .toArray();
    }

    /** The target's class as text; null where it is missing. For classification. */
    static @Nullable String classOf(double number, @Nullable String category, Target target) {
        if (target.type() == FeatureType.BOOLEAN) {
            return Double.isNaN(number) ? null : Boolean.toString(number != 0);
        }
        return category;
    }
}
