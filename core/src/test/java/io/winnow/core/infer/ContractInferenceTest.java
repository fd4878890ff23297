package io.winnow.core.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractInferenceTest {
    @TempDir
    Path folder;

    private Draft draft(String name, String content, Optional<String> target) throws IOException {
        return ContractInference.draft(Files.writeString(folder.resolve(name), content), target);
    }

    private Draft draft(String name, String content) throws IOException {
        Draft draft = draft(name, content, Optional.empty());
        assertThat(ContractReader.parse(draft.yaml(), name))
                .as("the text says the same")
                .isEqualTo(draft.contract());
        return draft;
    }

    /** 200 rows of a grid: a time, a site, numbers, a class. */
    private static String grid(String header, java.util.function.IntFunction<String> row) {
        StringBuilder s = new StringBuilder(header).append('\n');
        IntStream.range(0, 200).forEach(i -> s.append(row.apply(i)).append('\n'));
        return s.toString();
    }

    private static Optional<FeatureType> type(Contract c, String name) {
        return c.features().stream()
                .filter(f -> f.name().equals(name))
                .map(Feature::type)
                .findFirst();
    }

    @Test
    void findsTypesTimeKeyTargetAndWhatIsRequired() throws IOException {
        Random random = new Random(1);
        Draft draft = draft(
                "grid 2026.csv",
                grid(
                        "row,ts,site,hour,demand,region,open,note,empty,price",
                        i -> i + "," + Instant.ofEpochSecond(1_700_000_000L + 60L * i) + ",site-" + i % 7 + "," + i % 24
                                + ","
                                + (i % 10 == 0 ? "" : random.nextGaussian()) + "," + (i % 3 == 0 ? "north" : "south")
                                + ","
                                + (i % 2 == 0 ? "True" : "False") + ",text " + random.nextLong() + ",,"
                                + random.nextDouble()));
        Contract c = draft.contract();
        assertThat(c.stream()).isEqualTo("grid-2026");
        assertThat(c.time()).contains(new TimeField("ts", TimeField.Format.ISO_8601));
        assertThat(c.key()).contains("site");
        assertThat(c.target()).contains(new Target("price", FeatureType.NUMBER));
        assertThat(c.features().stream().map(f -> f.name() + " " + f.type().label() + " " + f.required()))
                .containsExactly(
                        "site category true",
                        "hour number true",
                        "demand number false",
                        "region category true",
                        "open boolean true");
        assertThat(draft.fitting())
                .isEqualTo(draft.sampled())
                .isEqualTo(draft.rows())
                .isEqualTo(200);
        assertThat(draft.yaml())
                .contains(
                        "all its 200 records: all fit it",
                        "# left out: 'row': counts the rows",
                        "'note': free text or an id");
    }

    @ParameterizedTest
    @CsvSource({
        "ts, 1700000000, epoch-seconds",
        "event_time, 1700000000000, epoch-millis",
        "createdAt, 1700000000000, epoch-millis",
        "hour, 12, ''",
        "date, 20260131, ''",
        "volume, 1700000000, ''"
    })
    void aNumberIsATimeOnlyByNameAndValue(String name, long first, String format) throws IOException {
        Contract c = draft("s.csv", grid(name + ",x", i -> (first + 3 * (i % 90)) + "," + i % 5))
                .contract();
        assertThat(c.time().map(t -> t.format().label()).orElse("")).isEqualTo(format);
        assertThat(type(c, name)).isEqualTo(format.isEmpty() ? Optional.of(FeatureType.NUMBER) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, BOOLEAN",
        "1, 2, CATEGORY",
        "-1, 1, CATEGORY",
        "up, down, CATEGORY",
        "true, false, BOOLEAN",
        "0.0, 1.0, NUMBER"
    })
    void aClassInACsvFileMakesAClassificationThatDecodes(String a, String b, FeatureType type) throws IOException {
        Draft draft = draft("s.csv", grid("x,label", i -> i * 0.1 + "," + (i % 3 == 0 ? a : b)));
        assertThat(draft.contract().target()).contains(new Target("label", type));
        assertThat(draft.fitting()).isEqualTo(200);
    }

    @Test
    void aClassInNdjsonKeepsTheTypeThatItHas() throws IOException {
        Draft numbers =
                draft("s.ndjson", grid("{\"x\":0.5,\"y\":1}", i -> "{\"x\":" + i * 0.1 + ",\"y\":" + i % 2 + "}"));
        assertThat(numbers.contract().target()).contains(new Target("y", FeatureType.NUMBER));
        assertThat(numbers.yaml()).contains("for classification send it as a string, or as true and false");
        assertThat(numbers.fitting()).isEqualTo(201);
        Draft words = draft("s.ndjson", grid("{\"x\":0.5,\"y\":\"a\"}", i -> "{\"x\":" + i * 0.1 + ",\"y\":\"b\"}"));
        assertThat(words.contract().target()).contains(new Target("y", FeatureType.CATEGORY));
        assertThat(words.fitting()).isEqualTo(201);
    }

    @Test
    void nestedAndMixedFieldsAreLeftOut() throws IOException {
        Draft draft = draft(
                "s.ndjson",
                grid(
                        "{\"x\":1}",
                        i -> "{\"x\":" + i % 9 + ",\"o\":{\"a\":1},\"m\":" + (i % 2 == 0 ? "1" : "\"a\"") + ",\"f\":"
                                + (i % 2 == 0) + "}"));
        assertThat(draft.contract().features().stream().map(Feature::name)).containsExactly("x", "f");
        assertThat(draft.yaml()).contains("'o': holds objects or arrays", "'m': mixes types: 100 strings, 100 numbers");
        assertThat(draft.fitting()).isEqualTo(201);
    }

    @Test
    void codesWithLeadingZerosAreCategoriesAndOddNumbersAreNumbers() throws IOException {
        Draft draft = draft("s.csv", grid("zip,n", i -> "0" + (10 + i % 20) + "," + (i % 2 == 0 ? ".5" : "+1.")));
        assertThat(type(draft.contract(), "zip")).contains(FeatureType.CATEGORY);
        assertThat(type(draft.contract(), "n")).contains(FeatureType.NUMBER);
        assertThat(draft.fitting()).isEqualTo(200);
    }

    @Test
    void junkAmongNumbersIsNamed() throws IOException {
        Draft draft = draft("s.csv", grid("x", i -> i % 50 == 0 ? "N/A" : "" + i * 0.5));
        assertThat(type(draft.contract(), "x")).contains(FeatureType.NUMBER);
        assertThat(draft.yaml())
                .contains("4 of 200 are no number, such as 'N/A': those records will be quarantined", "196 fit it");
        assertThat(draft.fitting()).isEqualTo(196);
    }

    @Test
    void linesThatCannotBeReadAreCounted() throws IOException {
        Draft draft = draft("s.csv", grid("a,b", i -> i % 100 == 5 ? "broken" : i % 7 + "," + i % 5));
        assertThat(draft.unreadable()).isEqualTo(2);
        assertThat(draft.sampled()).isEqualTo(198);
        assertThat(draft.yaml()).contains("# 2 more lines could not be read");
    }

    @Test
    void hostileNamesAndValuesStayInTheirPlace() throws IOException {
        Draft draft = draft(
                "s.csv",
                grid(
                        "\"a: {b}\",\"# c\",\"q\"\"\\\t\u202e\ud83d\ude00\",true,n",
                        i -> "1,2,\"}\n#\u0007\",3,\"x: [\""));
        assertThat(draft.contract().features().stream().map(Feature::name)).contains("a: {b}", "# c", "true", "n");
        assertThat(draft.fitting()).isEqualTo(200);
    }

    @Test
    void theTargetCanBeNamed() throws IOException {
        String csv = grid("a,b,target", i -> i % 7 + "," + i * 0.37 + "," + i % 2);
        assertThat(draft("s.csv", csv, Optional.of("b")).contract().target())
                .contains(new Target("b", FeatureType.NUMBER));
        assertThat(type(draft("s.csv", csv, Optional.of("b")).contract(), "target"))
                .contains(FeatureType.NUMBER);
        assertThatThrownBy(() -> draft("s.csv", csv, Optional.of("price")))
                .isInstanceOf(ContractException.class)
                .hasMessageEndingWith("has no column 'price' to be the target; it has 'a', 'b', 'target'");
    }

    @Test
    void whatCannotBeDraftedIsSaidInOneLine() {
        assertThatThrownBy(() -> draft("s.csv", "a,b\n")).hasMessageContaining("holds no record that can be read");
        assertThatThrownBy(() -> draft("s.ndjson", "{\"a\":{}}\n{\"a\":[]}\n"))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining("has no field that can be judged: 'a': holds objects");
        assertThatThrownBy(() -> draft("s.csv", grid("a,text", i -> "1,text " + i), Optional.of("text")))
                .hasMessageContaining("'text' cannot be a target: free text or an id: 200 different values");
    }

    @Test
    void aLongFileIsSampledAndItsLengthEstimated() throws IOException {
        StringBuilder s = new StringBuilder("x,z\n");
        IntStream.range(0, 200_000)
                .forEach(i -> s.append(100_000 + i * 7 % 90_001).append(",1\n"));
        Path file = Files.writeString(folder.resolve("long.csv"), s);
        Draft draft = ContractInference.draft(file, Optional.empty(), 20_000);
        assertThat(draft.sampled()).isEqualTo(20_000);
        assertThat(draft.rows()).isBetween(150_000L, 250_000L);
        assertThat(draft.yaml()).contains("its first 20,000 records of about ");
    }

    @Test
    void retrainingFitsTheFilesSize() {
        assertThat(List.of(10L, 1_000L, 7_200L, 45_312L, 567_498L).stream().map(DraftText::everyRows))
                .containsExactly(50, 100, 500, 5_000, 10_000);
    }

    @Test
    void streamNamesAreFitForTopics() {
        assertThat(List.of("a.csv.gz", "A b.JSONL", "../x/2026_01.tsv", "_.csv", "\u00e4.csv", "plain").stream()
                        .map(n -> ContractInference.streamName(Path.of(n))))
                .containsExactly("a", "A-b", "2026_01", "stream", "stream", "plain");
    }
}
