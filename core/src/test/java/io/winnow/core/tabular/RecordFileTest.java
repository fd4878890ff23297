package io.winnow.core.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFileTest {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final Contract TYPED = ContractReader.parse("""
            stream: s
            key: site
            time: {field: ts, format: epoch-seconds}
            features:
              - {name: n, type: number}
              - {name: c, type: category}
              - {name: b, type: boolean}
            target: {name: y, type: boolean}
            """, "s.yaml");

    private static byte[] latin(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static RecordFile open(String name, byte[] content, Optional<Contract> contract) throws IOException {
        return RecordFile.of(name, new ByteArrayInputStream(content), contract);
    }

    private static List<FileRecord> read(String name, byte[] content, Optional<Contract> contract) throws IOException {
        List<FileRecord> records = new ArrayList<>();
        try (RecordFile file = open(name, content, contract)) {
            for (FileRecord r = file.next(); r != null; r = file.next()) {
                records.add(r);
            }
        }
        return records;
    }

    private static List<String> values(String csv) throws IOException {
        return read("f.csv", latin(csv), Optional.empty()).stream()
                .map(r -> (r.problem() == null ? "" : r.line() + "! ") + new String(r.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** Whatever the cells hold, and however they are quoted, they come through. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyCellOfAGoodFileComesThrough(long seed) throws IOException {
        Random random = new Random(seed);
        String[] pieces = {"a", "7", "\"", ",", ";", "\n", "\t", "\\", "\u00e4", "\ud83d\ude00", " ", "\u0001", "'", "{"
        };
        int columns = 2 + random.nextInt(4);
        List<List<String>> rows = new ArrayList<>();
        StringWriter text = new StringWriter();
        CsvWriter writer = CsvWriter.builder()
                .fieldSeparator(random.nextBoolean() ? ',' : ';')
                .quoteStrategy(random.nextBoolean() ? QuoteStrategies.ALWAYS : QuoteStrategies.REQUIRED)
                .build(text);
        writer.writeRecord(IntStream.range(0, columns).mapToObj(i -> "col " + i).toList());
        for (int r = 0; r < 500; r++) {
            List<String> row = new ArrayList<>();
            for (int c = 0; c < columns; c++) {
                StringBuilder cell = new StringBuilder(c == 0 ? "x" : "");
                for (int k = random.nextInt(6); k > 0; k--) {
                    cell.append(pieces[random.nextInt(pieces.length)]);
                }
                row.add(cell.toString());
            }
            rows.add(row);
            writer.writeRecord(row);
        }
        writer.close();
        StringBuilder yaml = new StringBuilder("stream: s\nfeatures:\n");
        IntStream.range(0, columns)
                .forEach(i -> yaml.append("  - {name: col ").append(i).append(", type: category}\n"));
        Contract contract = ContractReader.parse(yaml.toString(), "s");
        List<FileRecord> records =
                read("f.csv", text.toString().getBytes(StandardCharsets.UTF_8), Optional.of(contract));
        assertThat(records).hasSameSizeAs(rows).allMatch(FileRecord::isReadable);
        for (int r = 0; r < rows.size(); r++) {
            JsonNode json = JSON.readTree(records.get(r).value());
            for (int c = 0; c < columns; c++) {
                String cell = rows.get(r).get(c);
                JsonNode field = json.get("col " + c);
                assertThat(field == null ? "" : field.textValue()).isEqualTo(cell);
            }
        }
    }

    @Test
    void cellsAreWrittenByTheContractsTypes() throws IOException {
        String csv = "site,ts,n,c,b,y,other\n"
                + "7,1700000000.5,1.50,7,TRUE,1,007\n"
                + ",1e3, +.5 ,true,0,0,12\n"
                + "a,soon,1e400,,yes,2,false\n"
                + "a,,NaN,\u00e4,,,\n";
        List<FileRecord> records = read("f.csv", csv.getBytes(StandardCharsets.UTF_8), Optional.of(TYPED));
        assertThat(records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)))
                .containsExactly(
                        "{\"site\":7,\"ts\":1700000000.5,\"n\":1.50,\"c\":\"7\",\"b\":true,\"y\":true,\"other\":\"007\"}",
                        "{\"ts\":1e3,\"n\":0.5,\"c\":\"true\",\"b\":false,\"y\":false,\"other\":12}",
                        "{\"site\":\"a\",\"ts\":\"soon\",\"n\":1e400,\"b\":\"yes\",\"y\":\"2\",\"other\":false}",
                        "{\"site\":\"a\",\"n\":\"NaN\",\"c\":\"\u00e4\"}");
        assertThat(records.get(0).key()).containsExactly('7');
        assertThat(records.get(1).key()).isNull();
    }

    @Test
    void withoutAContractCellsAreWhatTheyLookLike() throws IOException {
        assertThat(values("a,b,c,d,e,f\n1,-2.5e3,true,007,,x y\n"))
                .containsExactly("{\"a\":1,\"b\":-2.5e3,\"c\":true,\"d\":\"007\",\"f\":\"x y\"}");
        assertThat(values("a,b\n,\n")).containsExactly("{}");
    }

    @Test
    void aBadRowCostsItsOwnLineOnly() throws IOException {
        assertThat(values("a,b\n1,2\n3\n4,5,6\n7,8\n"))
                .containsExactly("{\"a\":1,\"b\":2}", "3! 3", "4! 4,5,6", "{\"a\":7,\"b\":8}");
    }

    @Test
    void aQuoteThatIsNeverClosedDoesNotSwallowTheFile() throws IOException {
        StringBuilder csv = new StringBuilder("a,b\n1,\"oops\n");
        for (int i = 0; i < 5_000; i++) {
            csv.append(i).append(",ok\n");
        }
        List<FileRecord> records = read("f.csv", latin(csv.toString()), Optional.empty());
        assertThat(records).hasSize(5_001);
        assertThat(records.get(0).problem()).isEqualTo("has a quote that is not closed");
        assertThat(records.get(0).value()).isEqualTo(latin("1,\"oops"));
        assertThat(records.subList(1, 5_001)).allMatch(FileRecord::isReadable);
        assertThat(records.get(5_000).line()).isEqualTo(5_002);
    }

    @Test
    void brokenQuotingIsSentAsItIs() throws IOException {
        assertThat(values("a,b\n\"x\"y,1\n\"p\",2\n1,\"q\nr\"\"s\"\n5\" pipe,3\n"))
                .containsExactly(
                        "2! \"x\"y,1",
                        "{\"a\":\"p\",\"b\":2}",
                        "{\"a\":1,\"b\":\"q\\u000ar\\\"s\"}",
                        "{\"a\":\"5\\\" pipe\",\"b\":3}");
    }

    @Test
    void aLineThatIsNotUtf8KeepsItsBytes() throws IOException {
        byte[] csv = latin("a,b\n1,\u00ff\n2,3\n");
        List<FileRecord> records = read("f.csv", csv, Optional.empty());
        assertThat(records.get(0).problem()).isEqualTo("is not valid UTF-8");
        assertThat(records.get(0).value()).containsExactly('1', ',', 0xff);
        assertThat(records.get(1).isReadable()).isTrue();
    }

    @Test
    void lineEndingsBlankLinesAndByteOrderMarksAreNoContent() throws IOException {
        byte[] csv = "\ufeffa,b\r\n1,2\r\n\r\n3,4".getBytes(StandardCharsets.UTF_8);
        try (RecordFile file = open("f.csv", csv, Optional.empty())) {
            assertThat(file.columns()).containsExactly("a", "b");
            assertThat(file.next().value()).isEqualTo(latin("{\"a\":1,\"b\":2}"));
            assertThat(file.next().line()).isEqualTo(4);
            assertThat(file.next()).isNull();
            assertThat(file.blankLines()).isEqualTo(1);
            assertThat(file.bytesRead()).isEqualTo(csv.length);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {"'a;b;c'", "'a\tb\tc'", "'a|b|c'", "'\"x,y,z,w\";b;c'"})
    void theSeparatorIsTheHeadersMostFrequent(String header) throws IOException {
        assertThat(open("f.csv", latin(header + "\n"), Optional.empty()).columns())
                .hasSize(3);
    }

    @Test
    void aBlankColumnNameGetsOne() throws IOException {
        assertThat(values(",x\n0,1\n")).containsExactly("{\"column1\":0,\"x\":1}");
    }

    @Test
    void ndjsonLinesGoByteForByte() throws IOException {
        Random random = new Random(10);
        for (int round = 0; round < 50; round++) {
            byte[] content = new byte[random.nextInt(2_000)];
            random.nextBytes(content);
            for (int i = 0; i < content.length; i++) {
                content[i] =
                        content[i] == '\r' || i < 3 ? (byte) 'r' : random.nextInt(20) == 0 ? (byte) '\n' : content[i];
            }
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (FileRecord r : read("f.ndjson", content, Optional.empty())) {
                joined.write(r.value());
                joined.write('\n');
            }
            byte[] expected = content;
            if (content.length > 0 && content[content.length - 1] != '\n') {
                expected = java.util.Arrays.copyOf(content, content.length + 1);
                expected[content.length] = '\n';
            }
            assertThat(joined.toByteArray()).isEqualTo(expected);
        }
    }

    @Test
    void ndjsonTellsWhatCannotBeReadAndFindsTheKey() throws IOException {
        String text =
                "{\"site\":\"\u00e4\",\"n\":1}\n{\"n\":{\"site\":1},\"site\":1.50}\n{\"site\":null}\n[1]\n{\"a\":1}{}\n"
                        + "{\"d\":" + "[".repeat(10_000) + "\n{\"site\":\"x\",\n";
        List<FileRecord> records = read("f.jsonl", text.getBytes(StandardCharsets.UTF_8), Optional.of(TYPED));
        assertThat(records.stream().map(FileRecord::problem))
                .containsExactly(
                        null,
                        null,
                        null,
                        "is not a JSON object",
                        "has something behind its JSON object",
                        "is not valid JSON",
                        "is not valid JSON");
        assertThat(records.get(0).key()).isEqualTo("\u00e4".getBytes(StandardCharsets.UTF_8));
        assertThat(records.get(1).key()).isEqualTo(latin("1.50"));
        assertThat(records.subList(2, 7)).allMatch(r -> r.key() == null);
    }

    @Test
    void theFormatShowsInTheContent() throws IOException {
        byte[] csv = latin("a,b\n1,2\n");
        byte[] json = latin("  {\"a\":1}\n");
        assertThat(open("whatever", csv, Optional.empty()).format()).isEqualTo(RecordFile.Format.CSV);
        assertThat(open("whatever", json, Optional.empty()).format()).isEqualTo(RecordFile.Format.NDJSON);
        assertThat(open("f.csv", json, Optional.empty()).format()).isEqualTo(RecordFile.Format.NDJSON);
        assertThat(open("f.csv", gzip(json), Optional.empty()).format()).isEqualTo(RecordFile.Format.NDJSON);
        assertThat(open("F.NDJSON.GZ", latin("broken\n"), Optional.empty()).format())
                .isEqualTo(RecordFile.Format.NDJSON);
        assertThat(read("f.ndjson", new byte[0], Optional.empty())).isEmpty();
    }

    @Test
    void gzipMembersThatFollowEachOtherAreOneFile() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip(latin("a\n1\n")));
        both.write(gzip(latin("2\n")));
        assertThat(read("f.csv.gz", both.toByteArray(), Optional.empty())).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "''#f.csv: is empty; a CSV file starts with a line of column names",
                "'1,2,3'#f.csv:1: holds numbers where column names should be; put a header line first",
                "'a,b,a'#f.csv:1: the column 'a' is there twice; rename one",
                "'\"a,b'#f.csv:1: the header's quotes do not pair up",
                "'[{}]'#f.csv:1: starts with '[', like a JSON array; write one object per line, as with 'jq -c .[]'",
                "'n,c'#f.csv:1: has no column 'ts', which the contract of stream 's' needs; is it the right file and contract?"
            })
    void aFileThatIsNoneIsRefusedInOneLine(String content, String message) {
        assertThatThrownBy(() -> open("f.csv", latin(content), Optional.of(TYPED)))
                .isInstanceOf(FileFormatException.class)
                .hasMessage(message);
    }

    @Test
    void utf16IsNamed() {
        byte[] content = "a,b\n1,2\n".getBytes(Charset.forName("UTF-16"));
        assertThatThrownBy(() -> open("f.csv", content, Optional.empty())).hasMessageContaining("is UTF-16");
    }
}
