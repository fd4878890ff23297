package io.winnow.core.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
    private static final Optional<Contract> KEYED = Optional.of(ContractReader.parse("""
            stream: s
            key: site
            features: [{name: n, type: number}]
            """, "s.yaml"));

    private static List<FileRecord> read(byte[] content) throws IOException {
        List<FileRecord> records = new ArrayList<>();
        try (RecordFile file = RecordFile.of("body", content, RecordFile.Format.JSON, KEYED)) {
            for (FileRecord r = file.next(); r != null; r = file.next()) {
                records.add(r);
            }
            assertThat(file.next()).isNull();
        }
        return records;
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    @Test
    void cutsElementsOutByteForByte() throws IOException {
        Random random = new Random(11);
        String[] objects = {
            "{}",
            "{ \"site\" : \"é,\\u00e9 ]}\" , \"n\":1.50e+0 }",
            "{\"n\":[1,{\"site\":2}],\"site\":7}",
            "{\"n\":1,\n  \"n\":2}",
            "{\"x\":\"𝄞\",\"site\":null}"
        };
        String[] keys = {null, "é,é ]}", "7", null, null};
        String[] gaps = {"", " ", "\n", "\r\n\t", "      "};
        for (int round = 0; round < 200; round++) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(random.nextBoolean() ? new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf} : new byte[0]);
            body.writeBytes(utf8(gaps[random.nextInt(5)] + "["));
            List<Integer> picked = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                int which = random.nextInt(objects.length);
                body.writeBytes(utf8((picked.isEmpty() ? "" : ",")
                        + gaps[random.nextInt(5)]
                        + objects[which]
                        + gaps[random.nextInt(5)]));
                picked.add(which);
            }
            body.writeBytes(utf8("]" + gaps[random.nextInt(5)]));
            List<FileRecord> records = read(body.toByteArray());
            assertThat(records.stream().map(r -> text(r.value())))
                    .containsExactlyElementsOf(
                            picked.stream().map(i -> objects[i]).toList());
            assertThat(records.stream()
                            .map(r -> r.key() == null ? null : text(Objects.requireNonNull(r.key())))
                            .toList())
                    .isEqualTo(picked.stream().map(i -> keys[i]).toList());
        }
    }

    @Test
    void takesOneObjectAndTellsLines() throws IOException {
        assertThat(read(utf8(" {\"n\":1} ")).get(0).value()).isEqualTo(utf8("{\"n\":1}"));
        assertThat(read(utf8("[\n{},\n\n{}]")).stream().map(FileRecord::line)).containsExactly(2L, 4L);
        assertThat(read(utf8("[]"))).isEmpty();
    }

    @Test
    void refusesWhatIsNoArrayOfObjects() {
        for (String[] broken : new String[][] {
            {"", "body:1: is neither a JSON array of objects nor an object"},
            {"7", "body:1: is neither a JSON array of objects nor an object"},
            {"[\n1]", "body:2: an element is not a JSON object"},
            {"[[{}]]", "body:1: an element is not a JSON object"},
            {"[{},]", "body:1: is not valid JSON"},
            {"[{}\n{}]", "body:2: is not valid JSON"},
            {"[{}", "body:1: is not valid JSON"},
            {"[{\"n\":NaN}]", "body:1: is not valid JSON"},
            {"[{}]\n[]", "body:2: has something behind its end"},
            {"{}{}", "body:1: has something behind its end"},
            {"[" + "{\"a\":".repeat(40), "body:1: is not valid JSON"},
        }) {
            assertThatThrownBy(() -> read(utf8(broken[0])))
                    .as(broken[0])
                    .isInstanceOf(FileFormatException.class)
                    .hasMessage(broken[1]);
        }
    }

    /** A surrogate in three bytes: a JSON parser that skips the string lets it pass. */
    @Test
    void marksWhatIsNotUtf8() throws IOException {
        byte[] body = utf8("[{\"a\":\"xyz\"}]");
        System.arraycopy(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 0, body, 7, 3);
        assertThat(read(body)).singleElement().extracting(FileRecord::problem).isEqualTo("is not valid UTF-8");
    }
}
