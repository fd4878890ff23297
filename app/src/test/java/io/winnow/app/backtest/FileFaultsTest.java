package io.winnow.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.winnow.app.backtest.FileFaults.Sent;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FileFaultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIELDS = List.of("a", "b", "c");
    private static final int ROWS = 20_000;
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: s
            key: site
            features:
              - {name: a, type: number}
              - {name: b, type: number}
              - {name: region, type: category}
              - {name: c, type: number}
            target: {name: y, type: number}
            """, "test.yaml");

    /** Records of three keys in turn. */
    private static List<ObjectNode> records() {
        Random random = new Random(3);
        List<ObjectNode> records = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            ObjectNode record = JSON.createObjectNode();
            record.put("site", "site-" + i % 3);
            record.put("a", 100 + 10 * random.nextGaussian());
            record.put("b", random.nextGaussian());
            record.put("region", random.nextBoolean() ? "north" : "south");
            record.put("c", 5 + random.nextDouble());
            record.put("y", random.nextGaussian());
            records.add(record);
        }
        return records;
    }

    private static List<Sent> send(List<ObjectNode> records, double share, long seed) throws IOException {
        FileFaults faults = new FileFaults(CONTRACT, share, seed);
        List<Sent> sent = new ArrayList<>();
        for (ObjectNode record : records) {
            byte[] key = record.get("site").asText().getBytes(StandardCharsets.UTF_8);
            sent.add(faults.next(JSON.writeValueAsBytes(record), key));
        }
        return sent;
    }

    /** What was sent, if it can still be read. */
    private static Optional<JsonNode> read(Sent sent) throws IOException {
        try {
            return Optional.of(JSON.readTree(sent.value()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Test
    void soManyAreCorruptedAsWasAskedForAndTheFlagIsExact() throws IOException {
        List<ObjectNode> records = records();
        for (double share : List.of(0.05, 0.2)) {
            List<Sent> sent = send(records, share, 1);
            int corrupted = 0;
            for (int i = 0; i < ROWS; i++) {
                int index = i;
                boolean changed = read(sent.get(i))
                        .map(got -> !got.equals(records.get(index)))
                        .orElse(true);
                assertThat(sent.get(i).corrupted()).as("record %s", i).isEqualTo(changed);
                corrupted += changed ? 1 : 0;
            }
            // Frozen blocks make the count a little less sure than single draws would.
            assertThat((double) corrupted / ROWS).isBetween(0.85 * share, 1.15 * share);
        }
        assertThat(send(records, 0, 1)).noneMatch(Sent::corrupted);
    }

    @Test
    void everyKindOccursAndOnlyNumericFeaturesAreTouched() throws IOException {
        List<ObjectNode> records = records();
        List<Sent> sent = send(records, 0.1, 2);
        Map<String, Integer> kinds = new HashMap<>();
        Map<String, JsonNode> last = new HashMap<>();
        for (int i = 0; i < ROWS; i++) {
            ObjectNode truth = records.get(i);
            Optional<JsonNode> got = read(sent.get(i));
            if (got.isEmpty()) {
                kinds.merge("broken", 1, Integer::sum);
                continue;
            }
            for (String field : List.of("site", "region", "y")) {
                assertThat(got.get().get(field)).isEqualTo(truth.get(field));
            }
            Set<String> changed = new TreeSet<>();
            FIELDS.stream().filter(f -> !truth.get(f).equals(got.get().get(f))).forEach(changed::add);
            assertThat(sent.get(i).corrupted()).isEqualTo(!changed.isEmpty());
            String site = truth.get("site").asText();
            if (!changed.isEmpty()) {
                kinds.merge(kind(truth, got.get(), changed, last.get(site)), 1, Integer::sum);
            }
            last.put(site, got.get());
        }
        assertThat(kinds).containsOnlyKeys("broken", "missing", "swapped", "sign", "unit", "frozen", "impossible");
        // Equal shares of some 2,000: about 285 each.
        assertThat(kinds.values()).allMatch(n -> n > 140 && n < 460, "about a seventh of " + kinds);
    }

    private static String kind(JsonNode truth, JsonNode got, Set<String> changed, JsonNode last) {
        if (changed.stream().anyMatch(f -> !got.has(f))) {
            return "missing";
        }
        if (changed.size() == 2) {
            return "swapped";
        }
        String field = changed.iterator().next();
        BigDecimal was = truth.get(field).decimalValue();
        BigDecimal is = got.get(field).decimalValue();
        if (is.compareTo(was.negate()) == 0) {
            return "sign";
        }
        double factor = Math.log10(is.doubleValue() / was.doubleValue());
        if (Math.abs(factor - Math.rint(factor)) < 1e-9) {
            return "unit";
        }
        return last.has(field) && last.get(field).decimalValue().compareTo(is) == 0 ? "frozen" : "impossible";
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        List<ObjectNode> records = records().subList(0, 3_000);
        List<Sent> one = send(records, 0.1, 7);
        List<Sent> two = send(records, 0.1, 7);
        List<Sent> other = send(records, 0.1, 8);
        int same = 0;
        for (int i = 0; i < records.size(); i++) {
            assertThat(two.get(i).value()).isEqualTo(one.get(i).value());
            same += java.util.Arrays.equals(other.get(i).value(), one.get(i).value()) ? 1 : 0;
        }
        assertThat(same).isLessThan(records.size() - 300);
    }
}
