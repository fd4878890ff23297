package io.winnow.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractReaderTest {
    private static final String WHOLE = """
            stream: grid
            key: site
            time: {field: ts, format: iso-8601}
            features:
              - {name: demand, type: number, min: 0, required: true}
              - {name: region, type: category}
            target: {name: price, type: number}
            labels: {within: 36h}
            hygiene: {quarantine-bits: 12, on-regime-change: hold, breaker: {share: 0.95, action: stop}}
            derive: {lags: [24, 1], means: [7]}
            training: {window: decayed, every-rows: 500, every-minutes: 5, window-rows: 9000, min-rows: 200, budget: 0.25}
            """;

    @Test
    void readsEveryPart() {
        assertThat(ContractReader.parse(WHOLE, "grid.yaml"))
                .isEqualTo(new Contract(
                        "grid",
                        Optional.of("site"),
                        false,
                        Optional.of(new TimeField("ts", TimeField.Format.ISO_8601)),
                        List.of(
                                new Feature("demand", FeatureType.NUMBER, 0, Double.POSITIVE_INFINITY, true),
                                Feature.of("region", FeatureType.CATEGORY)),
                        Optional.of(new Target("price", FeatureType.NUMBER)),
                        Optional.of(new Labels(36 * 3_600)),
                        new Derive(List.of(1, 24), List.of(7)),
                        new Hygiene(12, OnRegimeChange.HOLD, new Breaker(0.95, Breaker.Action.STOP)),
                        new Training(WindowKind.DECAYED, 500, 5, 9000, 200, 0.25)));
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Contract c = ContractReader.parse("stream: s\nfeatures: [{name: x, type: number}]\n", "s.yaml");
        assertThat(c.hygiene()).isEqualTo(Hygiene.DEFAULT);
        assertThat(c.hygiene().onRegimeChange()).isEqualTo(OnRegimeChange.ADAPT);
        assertThat(c.training()).isEqualTo(Training.DEFAULT);
        assertThat(c.derive()).isEqualTo(Derive.DEFAULT);
        assertThat(c.derive().lags()).containsExactly(1, 2, 24, 168);
        assertThat(c.derive().means()).containsExactly(3, 6, 12, 24, 48, 96, 168);
        assertThat(c.derive().depth()).isEqualTo(168);
        assertThat(c.features()).containsExactly(Feature.of("x", FeatureType.NUMBER));
        assertThat(c.target()).isEmpty();
        assertThat(c.labels()).isEmpty();
    }

    @Test
    void contextIsPartOfTheHashWithItsKeyAndNothingElseIs() {
        String rest = "features: [{name: x, type: number}]\n";
        Contract plain = ContractReader.parse("stream: s\nkey: k\n" + rest, "s.yaml");
        Contract context = ContractReader.parse("stream: s\nkey: k\ncontext: {per: key}\n" + rest, "s.yaml");
        Contract other = ContractReader.parse("stream: s\nkey: j\ncontext: {per: key}\n" + rest, "s.yaml");
        assertThat(plain.contextPerKey()).isFalse();
        assertThat(context.contextPerKey()).isTrue();
        assertThat(List.of(plain.hash(), context.hash(), other.hash())).doesNotHaveDuplicates();
        assertThat(plain.hash())
                .as("as before there was context")
                .isEqualTo(ContractReader.parse("stream: s\n" + rest, "s.yaml").hash());
    }

    static Stream<Arguments> errors() {
        String f = "features:\n  - {name: x, type: number}\n";
        return Stream.of(
                Arguments.of("", "s.yaml:1: the file is empty; start with 'stream: NAME'"),
                Arguments.of("# nothing\n", "s.yaml:1: the file is empty"),
                Arguments.of("- a\n", "s.yaml:1: contract must be a mapping"),
                Arguments.of("stream: s\n\tkey: x\n", "s.yaml:2: not valid YAML"),
                Arguments.of("stream: [s\n", "not valid YAML"),
                Arguments.of("gs: [!??binr%e", "s.yaml: not valid YAML: Tag must not contain"),
                Arguments.of(f, "s.yaml:1: 'stream' is missing; add 'stream: …'"),
                Arguments.of("stream: s\n", "s.yaml:1: 'features' is missing"),
                Arguments.of("stream: s\nfeatures: x\n", "s.yaml:2: features must be a list"),
                Arguments.of("stream: s\nfeatures: []\n", "a contract needs 1 to 512 features, not 0"),
                Arguments.of("stream: a/b\n" + f, "stream name 'a/b' must be"),
                Arguments.of(
                        "stream: s\n" + f + "colour: red\n", "s.yaml:4: unknown key 'colour' in contract; known: "),
                Arguments.of("stream: s\nstream: t\n" + f, "s.yaml:2: key 'stream' is there twice"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, typ: number}\n", "s.yaml:3: unknown key 'typ' in feature"),
                Arguments.of("stream: s\nfeatures:\n  - {name: x}\n", "s.yaml:3: 'type' is missing"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: numeric}\n",
                        "s.yaml:3: unknown type 'numeric'; write number, category, boolean or time"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: number, min: 2, max: 1}\n",
                        "s.yaml:3: feature 'x': min 2.0 is above max 1.0"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: number, min: low}\n",
                        "s.yaml:3: min must be a finite number"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: number, min: .inf}\n",
                        "s.yaml:3: min must be a finite number"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: category, min: 1}\n",
                        "s.yaml:3: feature 'x': min and max are for numbers"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: number, required: maybe}\n",
                        "s.yaml:3: required must be true or false"),
                Arguments.of(
                        "stream: s\nfeatures:\n  - {name: x, type: number}\n\n  - {name: x, type: category}\n",
                        "s.yaml:5: feature 'x' is there twice; remove one"),
                Arguments.of(
                        "stream: s\n" + f + "target: {name: x, type: number}\n",
                        "'x' is both a feature and the target"),
                Arguments.of(
                        "stream: s\n" + f + "target: {name: y, type: time}\n",
                        "s.yaml:4: target 'y': a time cannot be"),
                Arguments.of(
                        "stream: s\n" + f + "time: {field: ts, format: unix}\n",
                        "s.yaml:4: unknown time format 'unix'; write iso-8601, epoch-millis or epoch-seconds"),
                Arguments.of(
                        "stream: s\ncontext: {per: key}\n" + f,
                        "s.yaml:2: context per key needs a key; add 'key: FIELD'"),
                Arguments.of(
                        "stream: s\nkey: k\ncontext: {per: site}\n" + f,
                        "s.yaml:3: per must be key: a row is compared with the last rows of its key"),
                Arguments.of("stream: s\nkey: k\ncontext: key\n" + f, "s.yaml:3: context must be a mapping"),
                Arguments.of("stream: s\nkey: k\ncontext: {}\n" + f, "s.yaml:3: 'per' is missing"),
                Arguments.of(
                        "stream: s\nkey: k\ncontext: {per: key}\nfeatures:\n"
                                + IntStream.range(0, 129)
                                        .mapToObj(i -> "  - {name: f" + i + ", type: number}\n")
                                        .collect(Collectors.joining()),
                        "context per key is for at most 128 features that are no categories, not 129"),
                Arguments.of(
                        "stream: s\n" + f + "hygiene: {quarantine-bits: 99}\n",
                        "s.yaml:4: quarantine-bits must lie between 1 and 40"),
                Arguments.of(
                        "stream: s\n" + f + "hygiene:\n  on-regime-change: wait\n",
                        "s.yaml:5: unknown on-regime-change 'wait'; write adapt or hold"),
                Arguments.of(
                        "stream: s\n" + f + "hygiene: {breaker: {share: 0.2}}\n",
                        "s.yaml:4: breaker: share must lie between 0.5 and 1"),
                Arguments.of(
                        "stream: s\n" + f + "hygiene:\n  breaker: {action: halt}\n",
                        "s.yaml:5: unknown breaker action 'halt'; write alarm or stop"),
                Arguments.of(
                        "stream: s\n" + f + "hygiene: {breaker: {bound: 1}}\n",
                        "s.yaml:4: unknown key 'bound' in breaker; known: action, share"),
                Arguments.of("stream: s\n" + f + "hygiene: {breaker: stop}\n", "s.yaml:4: breaker must be a mapping"),
                Arguments.of(
                        "stream: s\n" + f + "training: {every-rows: 1.5}\n",
                        "s.yaml:4: every-rows must be a whole number"),
                Arguments.of(
                        "stream: s\n" + f + "training:\n  window-rows: 100\n",
                        "s.yaml:5: training: window-rows (100) is below min-rows (1000)"),
                Arguments.of("stream: s\nlabels: {within: 1h}\n" + f, "labels need a target"),
                Arguments.of("stream: s\nlabels: {}\n" + f, "s.yaml:2: 'within' is missing"),
                Arguments.of(
                        "stream: s\nlabels: {within: 24}\n" + f, "s.yaml:2: labels: within must be a whole number"),
                Arguments.of("stream: s\nlabels: {within: 0h}\n" + f, "with a unit, like 90s, 30m, 24h or 7d"),
                Arguments.of("stream: s\nlabels: {within: 366d}\n" + f, "within must lie between 1s and 365d"),
                Arguments.of("stream: s\nderive: {lags: []}\n" + f, "s.yaml:2: derive: lags needs at least one"),
                Arguments.of(
                        "stream: s\nderive: {lags: [1788615524]}\n" + f,
                        "lags must lie within 1 and 1000, not [1788615524]"),
                Arguments.of("stream: s\nderive: {lags: [0]}\n" + f, "lags must lie within 1 and 1000, not [0]"),
                Arguments.of("stream: s\nderive: {lags: [2, 2]}\n" + f, "lags must be at most 16 different numbers"),
                Arguments.of("stream: s\nderive: {lags: x}\n" + f, "s.yaml:2: lags must be a list: [1, 2, 24]"),
                Arguments.of("stream: s\nderive: {means: [1]}\n" + f, "means must lie within 2 and 1000"),
                Arguments.of(
                        "stream: s\ntraining: {window: all}\n" + f,
                        "s.yaml:2: unknown window 'all'; write sliding, growing or decayed"),
                Arguments.of("stream: &a [*a]\n" + f, "s.yaml"),
                Arguments.of("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nstream: s\n" + f, "s.yaml"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void everyErrorNamesFileLineAndRemedyInOneLine(String yaml, String message) {
        assertThatThrownBy(() -> ContractReader.parse(yaml, "s.yaml"))
                .isInstanceOf(ContractException.class)
                .hasMessageContaining(message)
                .hasMessageStartingWith("s.yaml")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMissingFileIsOneClearLine() {
        assertThatThrownBy(() -> ContractReader.read(Path.of("no/such.yaml")))
                .isInstanceOf(ContractException.class)
                .hasMessage(
                        "no/such.yaml: cannot be read (NoSuchFileException); give the path of a contract, or write one"
                                + " with 'winnow infer FILE'");
    }

    @Test
    void whateverIsBrokenItIsAContractException() {
        Random random = new Random(11);
        String signs = " \n\t:{}[],-&*!|>'\"%@`#?ax0.\u00e4";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder s = new StringBuilder(WHOLE);
            for (int k = 0; k < 1 + random.nextInt(3); k++) {
                int at = random.nextInt(s.length());
                s.setCharAt(at, signs.charAt(random.nextInt(signs.length())));
            }
            try {
                ContractReader.parse(s.toString(), "grid.yaml");
            } catch (ContractException e) {
                assertThat(e.getMessage()).startsWith("grid.yaml").doesNotContain("\n");
            }
        }
    }

    /** The parser reads 1,025 characters at once, unless told otherwise. */
    @Test
    void aCharacterOfTwoHalvesMayStandAnywhere() {
        String contract = "stream: s\nfeatures: [{name: a, type: number}]\n#";
        for (int at = 1_020; at < 1_030; at++) {
            String text = contract + " ".repeat(at - contract.length()) + "😀\n";
            assertThat(ContractReader.parse(text, "s.yaml").stream()).isEqualTo("s");
        }
    }

    @Test
    void theHashCoversWhatIsDecodedAndScoredAndNothingElse() {
        Contract c = ContractReader.parse(WHOLE, "grid.yaml");
        assertThat(hash(WHOLE)).isEqualTo(c.hash()).hasSize(64);
        assertThat(hash(WHOLE.replace("12}", "9}"))).isEqualTo(c.hash());
        assertThat(hash(WHOLE.replace("9000", "8000"))).isEqualTo(c.hash());
        for (String change : List.of(
                WHOLE.replace("min: 0", "min: 1"),
                WHOLE.replace(", required: true", ""),
                WHOLE.replace("region, type: category", "region, type: boolean"),
                WHOLE.replace("name: region", "name: area"),
                WHOLE.replace("iso-8601", "epoch-millis"),
                WHOLE.replace("price, type: number", "price, type: category"))) {
            assertThat(hash(change)).isNotEqualTo(c.hash());
        }
    }

    private static String hash(String yaml) {
        return ContractReader.parse(yaml, "x").hash();
    }

    @Test
    void aNameThatPretendsToBeMoreThanANameDoesNotShareAHash() {
        // One feature whose name contains what two features would have written.
        Contract two = ContractReader.parse(
                "stream: s\nfeatures:\n  - {name: a, type: category}\n  - {name: b, type: category}\n", "x");
        String forged = "a\\ncategory -Infinity Infinity false b";
        Contract one =
                ContractReader.parse("stream: s\nfeatures:\n  - {name: \"" + forged + "\", type: category}\n", "x");
        assertThat(one.hash()).isNotEqualTo(two.hash());
    }

    @Test
    void errorsCarryNoLineBreaksFromTheFile() {
        ContractException e = catchThrowableOfType(
                ContractException.class,
                () -> ContractReader.parse("stream: s\n\"a\\nb\": 1\nfeatures: []\n", "s.yaml"));
        assertThat(e).hasMessageNotContaining("\n");
    }
}
