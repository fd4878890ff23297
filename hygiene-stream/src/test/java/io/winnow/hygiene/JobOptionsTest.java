package io.winnow.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {
    @TempDir
    private Path directory;

    private Path contract;
    private Path properties;

    @BeforeEach
    void write() throws IOException {
        contract = Files.writeString(
                directory.resolve("s.yaml"), "stream: s\nfeatures: [{name: a, type: number, min: 0, max: 1}]\n");
        properties = Files.writeString(directory.resolve("kafka.properties"), """
                # of the cluster in the cellar
                security.protocol = SASL_SSL
                sasl.jaas.config=org.example.Login required username="w" \\
                    password="pässword=:#!";
                ssl.endpoint.identification.algorithm=
                bootstrap.servers=cellar:9093
                """);
    }

    private HygieneConfig parse(String... more) {
        List<String> args = new ArrayList<>(List.of("--contract", contract.toString(), "--checkpoints", "/tmp/c"));
        args.addAll(List.of(more));
        return JobOptions.parse(args.toArray(String[]::new));
    }

    @Test
    void every_client_property_of_the_file_counts() {
        HygieneConfig config = parse("--kafka-properties", properties.toString());
        assertThat(config.kafka())
                .hasSize(4)
                .containsEntry("bootstrap.servers", "cellar:9093")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry(
                        "sasl.jaas.config", "org.example.Login required username=\"w\" password=\"pässword=:#!\";")
                .containsEntry("ssl.endpoint.identification.algorithm", "");
        assertThat(config.toString()).contains("cellar:9093").doesNotContain("pässword");
    }

    @Test
    void the_command_line_comes_before_the_file_and_defaults_come_last() {
        HygieneConfig config = parse("--kafka-properties", properties.toString(), "--bootstrap", "attic:9092");
        assertThat(config.kafka()).containsEntry("bootstrap.servers", "attic:9092");
        assertThat(config.parallelism()).isEqualTo(2);
        assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(1));
        config = parse("--bootstrap", "a:1", "--parallelism", "5", "--checkpoint-millis", "70", "--seed", "-3");
        assertThat(config.parallelism()).isEqualTo(5);
        assertThat(config.checkpointInterval()).isEqualTo(Duration.ofMillis(70));
        assertThat(config.seed()).isEqualTo(-3);
        assertThat(config.exactlyOnce()).isTrue();
        assertThat(parse("--bootstrap", "a:1", "--delivery", "at-least-once").exactlyOnce())
                .isFalse();
        assertThat(config.kafka()).hasSize(1);
    }

    @Test
    void a_lease_is_taken_over_only_where_that_is_said() {
        String[] args = {"--bootstrap", "a:1", "--take-over", "--parallelism", "3"};
        assertThat(JobOptions.takesOver(args)).isTrue();
        assertThat(parse(args).parallelism()).isEqualTo(3);
        assertThat(JobOptions.takesOver(new String[] {"--bootstrap", "a:1"})).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --bootstrap a:1 --kafka-propertees x        | unknown option '--kafka-propertees'
            --bootstrap                                 | --bootstrap needs a value
            --bootstrap --parallelism 2                 | --bootstrap needs a value
            --bootstrap a:1 --bootstrap b:1             | --bootstrap is there twice
            --parallelism 2                             | --bootstrap is missing
            --bootstrap a:1 --parallelism two           | --parallelism must be a whole number, not 'two'
            --bootstrap a:1 --parallelism 0             | parallelism must be at least 1
            --bootstrap a:1 --parallelism 9999999999    | --parallelism 9999999999
            --bootstrap a:1 --checkpoint-millis 9       | checkpoint interval must be at least 10 ms
            --bootstrap a:1 --delivery at-most-once     | --delivery must be exactly-once or at-least-once
            --bootstrap a:1 --kafka-properties absent   | absent: there is no such file
            --bootstrap a:1 --kafka-properties /        | / cannot be read
            """)
    void what_is_wrong_is_said_in_one_line(String args, String message) {
        assertThatThrownBy(() -> parse(args.split(" ")))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_properties_file_that_is_none_is_named_and_never_quoted() throws IOException {
        Files.writeString(properties, "ssl.key.password=s3cret\\u00zz\n");
        assertThatThrownBy(() -> parse("--kafka-properties", properties.toString()))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining(properties.toString())
                .hasMessageNotContainingAny("s3cret", "\n");
        Files.write(properties, new byte[] {'a', '=', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> parse("--kafka-properties", properties.toString()))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("not UTF-8");
    }
}
