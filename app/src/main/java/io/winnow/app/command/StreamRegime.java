package io.winnow.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/** What a stream's review desk says of changes of the stream, in one line. */
final class StreamRegime {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private StreamRegime() {}

    /**
     * Asks the desk.
     *
     * @param desk its address, with a slash at its end
     */
    static String ask(String desk) {
        try {
            HttpResponse<byte[]> answer = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(desk + "api/v1/regime"))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    ? line(new ObjectMapper().readTree(answer.body()))
                    : "unknown: the desk is still reading its cases";
        } catch (IOException e) {
            return "unknown: the desk does not answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    /** The line for the answer of {@code /api/v1/regime}. */
    static String line(JsonNode regime) {
        String state = regime.path("state").asText().equals("changing")
                ? "changing since " + regime.path("since").asText() + ": see the desk for what leads"
                : "steady";
        long accepted = regime.path("acceptedNow").asLong();
        return accepted == 0
                ? state
                : String.format(
                        Locale.ROOT,
                        "%s; %,d cases set aside during the change of %s to %s would be accepted now",
                        state,
                        accepted,
                        regime.path("began").asText(),
                        regime.path("ended").asText());
    }
}
