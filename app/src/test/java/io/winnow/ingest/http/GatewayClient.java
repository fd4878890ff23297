package io.winnow.ingest.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Asks a gateway as any HTTP client would, and reads what lies on the raw topic as any Kafka client would. */
final class GatewayClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final IntSupplier port;
    private final String stream;
    private final String token;
    private final Map<String, String> kafka;

    GatewayClient(IntSupplier port, String stream, String token, Map<String, String> kafka) {
        this.port = port;
        this.stream = stream;
        this.token = token;
        this.kafka = kafka;
    }

    /** An answer: its status, its body, and its headers. */
    record Answer(int status, String text, HttpResponse<String> response) {
        static Answer of(HttpResponse<String> response) {
            return new Answer(response.statusCode(), response.body(), response);
        }

        String error() throws IOException {
            return JSON.readTree(text).get("error").asText();
        }

        List<String> places() throws IOException {
            List<String> places = new ArrayList<>();
            for (JsonNode at : JSON.readTree(text).get("offsets")) {
                places.add(at.get("partition").asText() + ":" + at.get("offset").asText());
            }
            return places;
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }

    HttpRequest request(byte[] body, String type, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port.getAsInt() + "/v1/streams/" + stream + "/records"))
                .header("Content-Type", type)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        request.setHeader("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    Answer send(HttpRequest request) throws Exception {
        return Answer.of(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    CompletableFuture<HttpResponse<String>> later(HttpRequest request) {
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    Answer post(String body, String type, String... headers) throws Exception {
        return send(request(body.getBytes(StandardCharsets.UTF_8), type, headers));
    }

    Answer turn(String client, long sequence, String body) throws Exception {
        return post(body, "application/x-ndjson", "Winnow-Client", client, "Winnow-Sequence", Long.toString(sequence));
    }

    String get(String path) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.getAsInt() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** What lies on the raw topic, committed, by {@code partition:offset}. */
    Map<String, ConsumerRecord<byte[], byte[]>> raw() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        Map<String, ConsumerRecord<byte[], byte[]>> records = new LinkedHashMap<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all =
                    List.of(new TopicPartition(stream + ".raw", 0), new TopicPartition(stream + ".raw", 1));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> records.put(r.partition() + ":" + r.offset(), r));
            }
        }
        return records;
    }

    List<String> rawValues() {
        return raw().values().stream()
                .map(r -> new String(r.value(), StandardCharsets.UTF_8))
                .toList();
    }
}
