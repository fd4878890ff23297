package io.winnow.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that nobody should send: each is quarantined for the right reason, and none throws. */
class RowDecoderHostileTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: s
            time: {field: ts, format: epoch-millis}
            features:
              - {name: x, type: number, min: -1000, max: 1000, required: true}
              - {name: c, type: category}
              - {name: b, type: boolean}
              - {name: t, type: time}
            target: {name: y, type: number}
            """, "s.yaml");

    private final RowDecoder decoder = new RowDecoder(CONTRACT);
    private final Row row = new Row(CONTRACT);

    static Stream<Arguments> values() {
        String ok = "\"ts\":0,\"x\":1";
        return Stream.of(
                bad(Reason.MALFORMED, ""),
                bad(Reason.MALFORMED, " "),
                bad(Reason.MALFORMED, "\u0000"),
                bad(Reason.MALFORMED, "not JSON"),
                bad(Reason.MALFORMED, "null"),
                bad(Reason.MALFORMED, "7"),
                bad(Reason.MALFORMED, "\"x\""),
                bad(Reason.MALFORMED, "[{" + ok + "}]"),
                bad(Reason.MALFORMED, "{" + ok),
                bad(Reason.MALFORMED, "{" + ok + "}}"),
                bad(Reason.MALFORMED, "{" + ok + "}{" + ok + "}"),
                bad(Reason.MALFORMED, "{" + ok + ",}"),
                bad(Reason.MALFORMED, "{'ts':0,'x':1}"),
                bad(Reason.MALFORMED, "{ts:0,x:1}"),
                bad(Reason.MALFORMED, "{" + ok + "} // comment"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":NaN}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":-Infinity}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":01}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":.5}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":0x10}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":1,\"x\":1}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":1,\"\\u0078\":2}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"ts\":0,\"x\":1}"),
                bad(Reason.MALFORMED, "{" + ok + ",\"other\":1,\"other\":2}"),
                bad(Reason.MALFORMED, "{\"ts\":0,\"x\":\"wrong\",\"x\":2}"),
                bad(Reason.MALFORMED, "{" + ok + ",\"c\":\"a\nb\"}"),
                bad(Reason.MALFORMED, "{" + ok + ",\"d\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"),
                bad(Reason.MALFORMED, "{" + ok + ",\"d\":" + "{\"d\":".repeat(10_000) + "1" + "}".repeat(10_000) + "}"),
                bad(Reason.MALFORMED, "[".repeat(10_000)),
                bad(Reason.MALFORMED, "{" + ok + ",\"d\":" + "[".repeat(32) + "]".repeat(32) + "}"),
                bad(Reason.INVALID, "{}"),
                bad(Reason.INVALID, "{\"ts\":0}"),
                bad(Reason.INVALID, "{\"x\":1}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":null}"),
                bad(Reason.INVALID, "{\"ts\":null,\"x\":1}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":1e400}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":-1e400}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":1e99999999999999999999}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":1" + "0".repeat(500) + "}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":1000.0000001}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":\"1\"}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":true}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":[1]}"),
                bad(Reason.INVALID, "{\"ts\":0,\"x\":{\"x\":1}}"),
                bad(Reason.INVALID, "{" + ok + ",\"c\":7}"),
                bad(Reason.INVALID, "{" + ok + ",\"c\":\"" + "x".repeat(1 << 20) + "\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"b\":1}"),
                bad(Reason.INVALID, "{" + ok + ",\"b\":\"true\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"t\":\"yesterday\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"t\":\"2026-02-30\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"t\":\"+999999999-12-31T00:00:00Z\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"t\":\"" + "9".repeat(1 << 20) + "\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"y\":\"1\"}"),
                bad(Reason.INVALID, "{" + ok + ",\"y\":1e400}"),
                bad(Reason.INVALID, "{\"ts\":1e300,\"x\":1}"),
                bad(Reason.INVALID, "{\"ts\":\"2026-01-01\",\"x\":1}"),
                good("{" + ok + "}"),
                good(" {" + ok + "} \r\n"),
                good("{" + ok + ",\"d\":" + "[".repeat(31) + "]".repeat(31) + "}"),
                good("{" + ok + ",\"other\":\"" + "x".repeat(1 << 20) + "\"}"),
                good("{" + ok + ",\"c\":null,\"b\":null,\"t\":null,\"y\":null}"),
                good("{" + ok + ",\"c\":\"" + "x".repeat(256) + "\"}"),
                good("{" + ok + ",\"c\":\"\\ud800 \\u0000\"}"),
                good("{\"ts\":0,\"x\":1e-400}"),
                good("{\"ts\":0,\"x\":-0.0}"));
    }

    private static Arguments bad(Reason reason, String value) {
        return Arguments.of(reason, value.length() > 60 ? value.substring(0, 60) + "…" : value, value);
    }

    private static Arguments good(String value) {
        return Arguments.of(null, value.length() > 60 ? value.substring(0, 60) + "…" : value, value);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("values")
    void hasTheRightReason(Reason reason, String shown, String value) {
        Defect defect = decoder.decode(value.getBytes(StandardCharsets.UTF_8), row);
        assertThat(defect == null ? null : defect.reason()).as("%s", defect).isEqualTo(reason);
        if (defect != null) {
            assertThat(defect.detail()).isNotBlank().hasSizeLessThan(256).doesNotContain("\n", "\r", "\u0000");
        }
    }

    @Test
    void aTombstoneIsMalformed() {
        assertThat(decoder.decode(null, row)).extracting(Defect::reason).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void whatIsNotUtf8IsMalformedEvenWhereItIsNotRead() {
        byte[] ok = "{\"ts\":0,\"x\":1,\"other\":\"??\"}".getBytes(StandardCharsets.US_ASCII);
        int at = ok.length - 4;
        int[][] broken = {{0xff, 0xfe}, {0xc0, 0x80}, {0xc3, 0x28}, {0x80, 0x41}, {0xed, 0xa0}};
        for (int[] pair : broken) {
            byte[] value = ok.clone();
            value[at] = (byte) pair[0];
            value[at + 1] = (byte) pair[1];
            assertThat(decoder.decode(value, row)).extracting(Defect::reason).isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void otherEncodingsThanUtf8AreNotGuessed() {
        String ok = "{\"ts\":0,\"x\":1}";
        for (String charset : new String[] {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"}) {
            assertThat(decoder.decode(ok.getBytes(java.nio.charset.Charset.forName(charset)), row))
                    .as(charset)
                    .extracting(Defect::reason)
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void randomBytesAndBrokenRecordsNeverThrow() {
        Random random = new Random(20260101);
        byte[] ok = "{\"ts\":123,\"x\":1.5e2,\"c\":\"caf\u00e9\",\"b\":true,\"t\":\"2026-01-01\",\"y\":null}"
                .getBytes(StandardCharsets.UTF_8);
        int good = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] value = ok.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(value.length);
                value[at] = random.nextBoolean() ? (byte) random.nextInt(256) : ok[random.nextInt(ok.length)];
            }
            if (random.nextInt(4) == 0) {
                value = java.util.Arrays.copyOf(value, random.nextInt(value.length));
            }
            Defect defect = decoder.decode(value, row);
            if (defect == null) {
                good++;
                assertThat(Math.abs(row.numbers[0])).isLessThanOrEqualTo(1_000);
            } else {
                assertThat(defect.reason()).isIn(Reason.MALFORMED, Reason.INVALID);
            }
        }
        assertThat(good)
                .as("some still decode, so that the test sees both sides")
                .isBetween(1_000, 150_000);
        assertThat(decoder.decode(ok, row)).as("the decoder is as good as new").isNull();
    }
}
