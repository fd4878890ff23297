package io.winnow.benchmarks;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import moa.classifiers.oneclass.HSTrees;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** MOA's half-space trees (Tan, Ting and Liu 2011), as they come: 25 trees of depth 15, in one thread. */
@State(Scope.Thread)
@NullUnmarked // JMH fills the fields.
public class HalfSpaceTreesBenchmark {
    /** Number fields of a row. */
    @Param({"9", "20", "50"})
    public int fields;

    private Instance[] rows;
    private HSTrees trees;
    private int next;

    /** Learns all rows. */
    @Setup(Level.Trial)
    public void learn() {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            attributes.add(new Attribute(Rows.field(i)));
        }
        attributes.add(new Attribute("class", List.of("ordinary", "outlier")));
        InstancesHeader header = new InstancesHeader(new Instances("bench", attributes, 0));
        header.setClassIndex(fields);
        trees = new HSTrees();
        trees.prepareForUse();
        trees.setModelContext(header);
        rows = Arrays.stream(Rows.of(fields))
                .map(row -> {
                    Instance instance = new DenseInstance(1, Arrays.copyOf(row, fields + 1));
                    instance.setDataset(header);
                    return instance;
                })
                .toArray(Instance[]::new);
        for (Instance row : rows) {
            trees.trainOnInstance(row);
        }
    }

    /** A row to its score, and into the trees. */
    @Benchmark
    public double scoreAndLearn() {
        next = (next + 1) & (Rows.COUNT - 1);
        double score = trees.getAnomalyScore(rows[next]);
        trees.trainOnInstance(rows[next]);
        return score;
    }
}
