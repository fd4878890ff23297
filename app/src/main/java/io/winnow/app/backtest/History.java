package io.winnow.app.backtest;

import io.winnow.app.tune.FileWindow;
import io.winnow.core.backtest.HistoryJudge;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file's decodable rows in order, as hygiene judged them.
 *
 * @param rows in order
 * @param records in the file
 */
record History(List<Judged> rows, long records) {

    /**
     * One row.
     *
     * @param number of its record in the file, from 0
     * @param key a number for its key
     * @param row its content, faults included
     * @param corrupted whether a fault was put into it
     * @param clean whether hygiene let it pass
     */
    record Judged(long number, long key, Row row, boolean corrupted, boolean clean) {}

    private record Waiting(long number, long key, Row row, boolean corrupted) {}

    /**
     * Reads and judges a file.
     *
     * @param faults what to put into it
     * @throws IOException if it cannot be read
     */
    static History of(Path file, Contract contract, FileFaults faults) throws IOException {
        List<Judged> judged = new ArrayList<>();
        List<Waiting> waiting = new ArrayList<>();
        double gate = contract.hygiene().quarantineBits();
        HistoryJudge judge = new HistoryJudge(contract, (number, row, bits, by) -> {
            Waiting w = waiting.get((int) number);
            judged.add(new Judged(w.number(), w.key(), w.row(), w.corrupted(), bits < gate));
        });
        RowDecoder decoder = new RowDecoder(contract);
        Map<String, Long> keys = new HashMap<>();
        long number = 0;
        try (RecordFile records = RecordFile.open(file, Optional.of(contract))) {
            for (FileRecord record = records.next(); record != null; record = records.next()) {
                FileFaults.Sent sent = faults.next(record.value(), record.key());
                Row row = new Row(contract);
                if (decoder.decode(sent.value(), row) == null) {
                    waiting.add(new Waiting(number, FileWindow.key(keys, record.key()), row, sent.corrupted()));
                    if (judge.add(sent.value(), row)) {
                        judge.judge();
                    }
                }
                number++;
            }
        }
        judge.judge();
        return new History(judged, number);
    }
}
