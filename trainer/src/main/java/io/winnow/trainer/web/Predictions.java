package io.winnow.trainer.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.evaluation.Champion;
import io.winnow.trainer.learn.Predictor;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Answers of a stored model to rows that come with their history: for smoke tests, not for serving. Rows take the way
 * that training rows take, so that a wrong answer is the model's.
 */
public final class Predictions {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final int MOST_ROWS = 5_000;

    private final Contract contract;
    private final ModelStore store;

    /** Answers for rows of this contract, by models of this store. */
    public Predictions(Contract contract, ModelStore store) {
        this.contract = contract;
        this.store = store;
    }

    /**
     * Answers {@code {"rows": [[{…}, …], …]}}: each inner list is one key's rows, oldest first; the last of each is
     * answered for, the others are its history.
     *
     * @param id of the model
     * @param body the request
     * @return {@code model}, and {@code answers} in order: numbers, or class names
     * @throws Refusal if the request is no such thing, or the model cannot answer
     */
    synchronized Map<String, Object> answer(String id, byte[] body) {
        Champion model = load(id);
        if (!model.card().contractHash().equals(contract.hash())) {
            throw new Refusal(409, "the model was trained under another contract than the stream has now");
        }
        List<Integer> asked = new ArrayList<>();
        Window window = window(histories(body), asked);
        int[] rows = asked.stream().mapToInt(Integer::intValue).toArray();
        try {
            double[] answers = Predictor.predict(model.file(), model.spec(), window, new History(window), rows);
            return Map.of("model", id, "answers", named(answers, model.spec()));
        } catch (IOException e) {
            throw new Refusal(500, "the model does not answer; the trainer's log says why");
        }
    }

    private Champion load(String id) {
        try {
            return store.load(id);
        } catch (CorruptModelException e) {
            throw new Refusal(409, "the model's files cannot be used: " + e.getMessage());
        }
    }

    private static List<Object> named(double[] answers, ModelSpec spec) {
        List<Object> named = new ArrayList<>();
        for (double answer : answers) {
            named.add(spec.isRegression() ? (Object) answer : spec.classes().get((int) answer));
        }
        return named;
    }

    private static JsonNode histories(byte[] body) {
        try {
            JsonNode rows = JSON.readTree(body).path("rows");
            if (rows.isArray() && !rows.isEmpty()) {
                return rows;
            }
        } catch (IOException e) {
            throw new Refusal(400, "the body is no JSON");
        }
        throw new Refusal(400, "the body must be {\"rows\": [[{…}, …], …]}: lists of a key's rows, oldest first");
    }

    private Window window(JsonNode histories, List<Integer> asked) {
        int most = Math.min(MOST_ROWS, contract.training().windowRows());
        LiveWindow window = new LiveWindow(contract);
        RowDecoder decoder = new RowDecoder(contract);
        Row row = new Row(contract);
        int count = 0;
        for (int h = 0; h < histories.size(); h++) {
            JsonNode history = histories.get(h);
            if (!history.isArray() || history.isEmpty()) {
                throw new Refusal(400, "rows[" + h + "] must be a list of rows, and not empty");
            }
            for (int i = 0; i < history.size(); i++) {
                if (++count > most) {
                    throw new Refusal(413, "at most " + most + " rows at once");
                }
                Defect defect = decoder.decode(bytes(history.get(i)), row);
                if (defect != null) {
                    throw new Refusal(
                            400, "rows[" + h + "][" + i + "] breaks the contract: " + Formatted.line(defect.detail()));
                }
                // Its number is its time where the contract has none, and its place among equals.
                window.add(new CleanRow(0, count, count, count, h, CleanRow.Standing.ACCEPTED, row));
            }
            asked.add(count - 1);
        }
        return window.cut();
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (IOException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }
}
