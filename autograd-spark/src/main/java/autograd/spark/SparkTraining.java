package autograd.spark;

import autograd.nn.Layer;
import autograd.nn.train.Checkpoint;
import autograd.nn.train.Epoch;

import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Trains a model on a Spark cluster by synchronous data parallelism: the examples are divided into shards,
 * every step takes the mean of the shards' gradients, weighted by their numbers of examples, and the driver
 * applies it.
 *
 * {@snippet :
 * Mlp mlp = new SparkTraining<>(rng -> Mlp.of(rng, 784, 128, 10),
 *         Loss.classes(Losses::sparseSoftmaxCrossEntropy), model -> new Adam(1e-3)).batch(64).epochs(5).fit(examples);
 * }
 *
 * The result depends on the examples, the settings here and the number of shards, to the bit, and on nothing
 * else: not on partitions, executors, the order of the examples, or on tasks that are tried again.
 *
 * @param <M>
 *            the type of the model
 */
public final class SparkTraining<M extends Layer> {
    /** How many results the driver takes before the executors join them in a stage of their own. */
    private static final int FAN_IN = 32;

    final InitialModel<M> initial;
    final Loss loss;
    final OptimizerOf<M> rule;
    int shards = 16, partitions, batch = 64, epochs = 1, localSteps = 1, every, fanIn = FAN_IN;
    long seed;
    @Nullable
    Path folder;
    Consumer<Epoch> listener = _ -> {};

    /**
     * Training with 16 shards, batches of 64, one epoch and seed 0.
     *
     * @param initial
     *            makes the model
     * @param loss
     *            the mean over the examples of a batch
     * @param optimizer
     *            makes the optimizer
     */
    public SparkTraining(InitialModel<M> initial, Loss loss, OptimizerOf<M> optimizer) {
        this.initial = initial;
        this.loss = loss;
        this.rule = optimizer;
    }

    /** The number of parts that the examples are divided into; at most so many tasks run at the same time. */
    public SparkTraining<M> shards(int shards) {
        this.shards = atLeastOne("shards", shards);
        return this;
    }

    /**
     * The number of tasks of a step, which does not change the result. Without this, there is one for each core
     * at the start of training, and one for each shard at most; with dynamic allocation, say how many cores are
     * to be expected.
     */
    public SparkTraining<M> partitions(int partitions) {
        this.partitions = atLeastOne("partitions", partitions);
        return this;
    }

    /** The number of examples in a step, all shards together. */
    public SparkTraining<M> batch(int examples) {
        batch = atLeastOne("batch", examples);
        return this;
    }

    /** How often all examples are seen. */
    public SparkTraining<M> epochs(int epochs) {
        this.epochs = atLeastOne("epochs", epochs);
        return this;
    }

    /** Where the initial weights, the order of examples, and random layers get their randomness from. */
    public SparkTraining<M> seed(long seed) {
        this.seed = seed;
        return this;
    }

    /**
     * Every shard takes so many steps with a model and an optimizer of its own before their means are taken:
     * fewer messages, but no longer the steps of one machine. McMahan et al., AISTATS 2017.
     */
    public SparkTraining<M> localSteps(int steps) {
        localSteps = atLeastOne("localSteps", steps);
        return this;
    }

    /**
     * Saves to a folder of this training alone, which the driver must reach also after a restart. If there is a
     * checkpoint in it, {@code fit} goes on from there, to the same bits as if there had been no interruption.
     *
     * @param folder
     *            gets {@code step-000001200.safetensors}, which {@link Checkpoint} reads; the last one is kept
     * @param steps
     *            how many steps are taken before the next one is saved; one is also saved at the end
     */
    public SparkTraining<M> checkpoint(Path folder, int steps) {
        this.folder = folder;
        every = atLeastOne("checkpoint", steps);
        return this;
    }

    /** Calls back after each epoch with its mean loss: of the steps since a restart, if there was one. */
    public SparkTraining<M> onEpoch(Consumer<Epoch> listener) {
        this.listener = listener;
        return this;
    }

    /** From how many results on executors join them before the driver does; for tests. */
    SparkTraining<M> fanIn(int results) {
        fanIn = results;
        return this;
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1)
            throw new IllegalArgumentException("SparkTraining: " + what + " is " + value + ", it must be at least 1");
        return value;
    }

    /**
     * Trains on examples. A loss that is not finite, and examples that do not fit, are errors.
     *
     * @param examples
     *            all with as many features and as large a label; which is in which partition makes no difference
     * @return the trained model
     */
    public M fit(JavaRDD<Example> examples) {
        JavaRDD<Shards<M>> data = distribute(examples);
        try {
            return new Run<>(this, data).fit();
        } finally {
            data.unpersist();
        }
    }

    /**
     * Trains on the rows of a table. The columns are vectors, arrays of numbers, numbers or booleans; of several,
     * the numbers follow each other.
     *
     * @param features
     *            the columns of the model's input
     * @param label
     *            the columns of the right answer
     * @return the trained model
     */
    public M fit(Dataset<Row> rows, List<String> features, List<String> label) {
        return fit(Columns.examples(rows, new Columns(features), new Columns(label)));
    }

    /**
     * Lambdas are sent to the executors: they must not capture {@code this}. The key of a row is its partition.
     */
    private JavaRDD<Shards<M>> distribute(JavaRDD<Example> examples) {
        int cores = JavaSparkContext.fromSparkContext(examples.context()).defaultParallelism();
        int shards = this.shards, parts = Math.min(shards, partitions == 0 ? Math.max(1, cores) : partitions);
        InitialModel<M> initial = this.initial;
        Loss loss = this.loss;
        long seed = this.seed;
        return examples.map(Example::packed)
                .mapToPair(row -> new Tuple2<>(partition(Shard.of(row, shards), shards, parts), row))
                .partitionBy(new HashPartitioner(parts)).map(Tuple2::_2)
                .mapPartitionsWithIndex((p, rows) -> List.of(new Shards<>(first(p, shards, parts),
                        first(p + 1, shards, parts), shards, rows, initial, loss, seed)).iterator(), true)
                .persist(StorageLevel.MEMORY_ONLY());
    }

    /** The first shard of a partition. */
    static int first(int partition, int shards, int parts) {
        return Math.toIntExact((long) partition * shards / parts);
    }

    /** The partition of a shard. */
    static int partition(int shard, int shards, int parts) {
        return Math.toIntExact(((shard + 1L) * parts - 1) / shards);
    }
}
