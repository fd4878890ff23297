package io.winnow.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.home.Logs;
import io.winnow.app.system.TrainerOrder;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.trainer.TrainerConfig;
import io.winnow.trainer.TrainerService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code winnow trainer}: what {@code run} and {@code demo} spawn. Its order comes as one line of JSON on standard input;
 * the end of standard input is the end of the trainer.
 */
@Command(name = "trainer", hidden = true)
public final class TrainerCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        TrainerOrder order = new ObjectMapper().readValue(in.readLine(), TrainerOrder.class);
        Contract contract = ContractReader.parse(order.contract(), "the contract");
        Logs.toFile(Path.of(order.logs()), "trainer-" + contract.stream());
        try (TrainerService service = TrainerService.start(new TrainerConfig(
                contract,
                order.contract(),
                order.kafka(),
                Path.of(order.models()),
                order.keepModels(),
                order.port(),
                order.token(),
                order.seed()))) {
            Thread parent = new Thread(() -> endWith(in, service), "parent-watch");
            parent.setDaemon(true);
            parent.start();
            service.awaitEnd();
        }
        return 0;
    }

    private static void endWith(BufferedReader in, TrainerService service) {
        try {
            while (in.read() >= 0) {
                // Nothing is said after the order.
            }
        } catch (IOException e) {
            // The same as its end.
        }
        service.close();
    }
}
