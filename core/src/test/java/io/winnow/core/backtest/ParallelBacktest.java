package io.winnow.core.backtest;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.row.Row;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The stream's job without its clocks and threads: partitions, judges that read them, one merger that makes a profile of
 * every {@link ProfileMaker#rowsPerProfile} rows job-wide. Deterministic, so that what parallelism changes can be told from
 * what timing does.
 */
final class ParallelBacktest {
    /** How a stream's records come to lie on partitions. */
    enum Split {
        /** In turn. */
        ROUND_ROBIN,
        /** By a hash of the record: uneven, as partitions are. */
        HASH,
        /** The first partition has the file's first part, and so on: the order of the whole is lost. */
        BLOCKS
    }

    /** How the judges come by the rows of one profile's share. */
    enum Reading {
        /** Each share is the next rows of the stream, whoever has their partitions. */
        IN_STEP,
        /** Each judge takes its part of the share from its own partitions, some hundred rows of one at a time. */
        OWN_PACE
    }

    private static final int FETCH = 100;

    private final Contract contract;
    private final int judges;
    private final Random order;
    /** Rows of each partition, by their place in the stream. */
    private final List<int[]> partitions;

    private final List<Row> rows;
    private final double[] bits;
    private int judged;
    /** Which of its partitions each judge reads. */
    private final int[] turn;
    /** What is left of the rows that it has fetched from there; the next share goes on with them. */
    private final int[] fetched;

    private ParallelBacktest(Contract contract, List<Row> rows, List<int[]> partitions, int judges, long seed) {
        this.contract = contract;
        this.rows = rows;
        this.partitions = partitions;
        this.judges = judges;
        this.turn = new int[judges];
        this.fetched = new int[judges];
        Arrays.fill(fetched, FETCH);
        this.order = new Random(seed);
        this.bits = new double[rows.size()];
    }

    /**
     * Judges all rows.
     *
     * @param coldStart values of the rows that the first profile is made of, the stream's first
     * @param judges how many; judge {@code j} reads partitions {@code j}, {@code j + judges} and so on
     * @param seed of the order in which summaries are merged
     * @return the bits of each row
     */
    static double[] bits(
            Contract contract,
            List<Row> rows,
            List<byte[]> coldStart,
            Split split,
            int partitions,
            int judges,
            Reading reading,
            long seed) {
        ParallelBacktest run =
                new ParallelBacktest(contract, rows, split(rows.size(), split, partitions), judges, seed);
        Profile profile = ProfileMaker.first(contract, coldStart);
        List<SequenceMemory> memories = IntStream.range(0, judges)
                .mapToObj(j -> new SequenceMemory(contract))
                .toList();
        int[] read = new int[partitions];
        boolean first = true;
        while (run.judged < rows.size()) {
            int share = first ? ProfileMaker.FIRST_ROWS_PER_PROFILE : ProfileMaker.rowsPerProfile(contract, profile);
            List<List<Integer>> parts = reading == Reading.IN_STEP ? run.next(share, read) : run.ownPace(share, read);
            Summary accepted = run.judge(profile, parts, memories);
            // As in the backtest of one judge: the rows that the first profile was made of are in it already.
            profile = first ? profile : ProfileMaker.next(contract, profile, accepted);
            first = false;
        }
        return run.bits;
    }

    private static List<int[]> split(int rows, Split split, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(p -> IntStream.range(0, rows)
                        .filter(i -> p
                                == switch (split) {
                                    case ROUND_ROBIN -> i % partitions;
                                    case HASH -> ((i * 0x9E3779B9) >>> 16) % partitions;
                                    case BLOCKS -> (int) ((long) i * partitions / rows);
                                })
                        .toArray())
                .toList();
    }

    /** The next rows of the stream, each to the judge that has its partition. */
    private List<List<Integer>> next(int share, int[] read) {
        List<List<Integer>> parts = empty();
        for (int taken = 0; taken < share; taken++) {
            int earliest = -1;
            for (int p = 0; p < read.length; p++) {
                if (read[p] < partitions.get(p).length
                        && (earliest < 0
                                || partitions.get(p)[read[p]] < partitions.get(earliest)[read[earliest]])) {
                    earliest = p;
                }
            }
            if (earliest < 0) {
                break;
            }
            parts.get(earliest % judges).add(partitions.get(earliest)[read[earliest]++]);
        }
        return parts;
    }

    /** Each judge's part of the share, from its partitions in turn. */
    private List<List<Integer>> ownPace(int share, int[] read) {
        List<List<Integer>> parts = empty();
        for (int j = 0; j < judges; j++) {
            int allowance = Math.max(1, share / judges);
            int own = (read.length - j + judges - 1) / judges;
            for (int drained = 0; allowance > 0 && drained < own; ) {
                int p = j + judges * (turn[j] % own);
                int take = Math.min(Math.min(fetched[j], allowance), partitions.get(p).length - read[p]);
                for (int i = 0; i < take; i++) {
                    parts.get(j).add(partitions.get(p)[read[p]++]);
                }
                allowance -= take;
                fetched[j] -= take;
                drained = take > 0 ? 0 : drained + 1;
                if (fetched[j] == 0 || take == 0) {
                    turn[j]++;
                    fetched[j] = FETCH;
                }
            }
        }
        return parts;
    }

    private List<List<Integer>> empty() {
        return IntStream.range(0, judges)
                .<List<Integer>>mapToObj(j -> new ArrayList<>())
                .toList();
    }

    private Summary judge(Profile profile, List<List<Integer>> parts, List<SequenceMemory> memories) {
        List<Summary> summaries = new ArrayList<>();
        for (int j = 0; j < judges; j++) {
            Judge judge = new Judge(contract, profile);
            Summary summary = new Summary(profile);
            for (int i : parts.get(j)) {
                bits[i] = contract.contextPerKey()
                        ? judge.score(rows.get(i), summary, memories.get(j), i)
                        : judge.score(rows.get(i), summary);
                judged++;
            }
            // Over the wire, as between a judge and the merger.
            summaries.add(Summary.decode(summary.encode()));
        }
        Collections.shuffle(summaries, order);
        Summary merged = summaries.get(0);
        summaries.subList(1, summaries.size()).forEach(merged::merge);
        return merged;
    }
}
