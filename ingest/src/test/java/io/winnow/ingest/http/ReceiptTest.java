package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    @Test
    void namesEachRecordsPlaceInOrder() {
        Receipt receipt = new Receipt.Builder()
                .add(0, 7)
                .add(0, 8)
                .add(1, 9)
                .add(0, 9)
                .add(0, 12)
                .build();
        assertThat(receipt).isEqualTo(new Receipt(5, "0:7-8,1:9,0:9,0:12"));
        assertThat(new String(receipt.json("grid"), StandardCharsets.UTF_8))
                .isEqualTo("{\"stream\":\"grid\",\"records\":5,\"offsets\":["
                        + "{\"partition\":0,\"offset\":7},{\"partition\":0,\"offset\":8},"
                        + "{\"partition\":1,\"offset\":9},{\"partition\":0,\"offset\":9},"
                        + "{\"partition\":0,\"offset\":12}]}");
    }

    @Test
    void isRememberedAsItWas() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            Receipt.Builder builder = new Receipt.Builder();
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                builder.add(random.nextInt(3), random.nextInt(5) + (random.nextInt(9) == 0 ? 1L << 60 : 0));
            }
            Note note = new Note(random.nextLong(Long.MAX_VALUE), "abc", builder.build());
            assertThat(Note.decode(note.encode())).contains(note);
        }
    }

    @Test
    void aNoteThatNobodyWroteIsNone() {
        for (String value : new String[] {
            "",
            "null",
            "7",
            "{}",
            "{\"sequence\":1,\"digest\":\"\",\"records\":1,\"offsets\":\"\"}",
            "{\"sequence\":1,\"digest\":\"\",\"records\":1,\"offsets\":\"0:5-4\"}",
            "{\"sequence\":1,\"digest\":\"\",\"records\":1,\"offsets\":\"0-5:4\"}",
            "{\"sequence\":1,\"digest\":\"\",\"records\":1,\"offsets\":\"0:0-9223372036854775807\"}",
            "{\"sequence\":1,\"digest\":\"\",\"records\":2,\"offsets\":\"0:5\"}",
        }) {
            assertThat(Note.decode(value.getBytes(StandardCharsets.UTF_8)))
                    .as(value)
                    .isEmpty();
        }
        assertThatThrownBy(() -> new Receipt(3, "0:1")).hasMessage("a receipt of 3 records names 1");
    }

    @Test
    void theNewestClientsAreRemembered() {
        Clients clients = new Clients(3_000);
        for (int i = 0; i < 100; i++) {
            clients.remember("c" + i, new Note(i, "d", new Receipt(1, "0:" + i)));
            clients.remember("steady", new Note(i, "d", new Receipt(1, "1:" + i)));
        }
        assertThat(clients.size()).isBetween(5, 12);
        assertThat(clients.last("c0")).isEmpty();
        assertThat(clients.last("c99")).isPresent();
        assertThat(clients.last("steady").orElseThrow().sequence()).isEqualTo(99);
    }
}
