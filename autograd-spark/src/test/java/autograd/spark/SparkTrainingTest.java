package autograd.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.BatchNorm;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Layer;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.Sequential;
import autograd.nn.data.Dataset;
import autograd.nn.optim.AdamW;
import autograd.nn.optim.Sgd;
import autograd.nn.train.Epoch;
import autograd.nn.train.Trainer;

import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

class SparkTrainingTest {
    private static final int COUNT = 400;
    private static final Loss CLASSES = Loss.classes(Losses::sparseSoftmaxCrossEntropy);

    /** The bits of 16 shards in one partition on one core, trained with {@link #training}. */
    private static float[] expected;

    /** Not in an initializer of the class: the tasks, on other threads, need the class. */
    @BeforeAll
    static void train() {
        expected = Cluster.run("local[1]",
                spark -> bits(training().partitions(1).fit(Cluster.points(spark, COUNT, 1))));
    }

    private static Sequential model(Rng rng) {
        return Sequential.of(Dense.of(rng, 3, 8), BatchNorm.of(8), Activation.TANH, new Dropout(0.1),
                Dense.of(rng, 8, 2));
    }

    /** With running statistics and random layers, and a last batch that is smaller than the others. */
    private static SparkTraining<Sequential> training() {
        return new SparkTraining<>(SparkTrainingTest::model, CLASSES, _ -> new AdamW(0.01)).batch(90).epochs(2).seed(7);
    }

    static float[] bits(Layer model) { return Packed.of(model.state().values()).floats(); }

    private static float[] local(Function<JavaSparkContext, Layer> fit) {
        return Cluster.run("local[2]", spark -> bits(fit.apply(spark)));
    }

    // ---- the same bits

    private static void assertSameBits(JavaSparkContext spark, int... partitions) {
        for (int n : partitions) {
            List<Example> points = Cluster.points(COUNT);
            Collections.shuffle(points, new Random(n));
            var trained = training().partitions(n).fanIn(n == 7 ? 2 : 32).fit(spark.parallelize(points, 1 + n % 5));
            assertArrayEquals(expected, bits(trained), n + " partitions");
        }
    }

    @ParameterizedTest
    @CsvSource({"1,3", "2,2", "2,7", "4,4", "16,16"})
    void coresPartitionsAndTheOrderOfExamplesDoNotChangeBits(int cores, int partitions) {
        Cluster.run("local[" + cores + "]", spark -> {
            assertSameBits(spark, partitions);
            return null;
        });
    }

    @Test
    void anotherSeedOrNumberOfShardsChangesBits() {
        Cluster.run("local[1]", spark -> {
            var points = Cluster.points(spark, COUNT, 1);
            assertNotEquals(List.of(expected[0]), List.of(bits(training().seed(8).fit(points))[0]));
            assertNotEquals(List.of(expected[0]), List.of(bits(training().shards(15).fit(points))[0]));
            return null;
        });
    }

    /** The examples of one shard in its order. */
    private static Dataset<Tensor, IntTensor> shard() {
        List<float[]> rows = new ArrayList<>();
        Cluster.points(COUNT).forEach(e -> rows.add(e.packed()));
        var shard = new Shard(0, rows, DType.F32);
        int[] classes = new int[COUNT];
        for (int i = 0; i < COUNT; i++)
            classes[i] = (int) shard.y.get(i, 0);
        return Dataset.of(shard.x, IntTensor.of(classes));
    }

    private static Sequential withoutDropout(Rng rng) {
        return Sequential.of(Dense.of(rng, 3, 8), BatchNorm.of(8), Activation.TANH, Dense.of(rng, 8, 2));
    }

    private static float[] trainer(int batch, int epochs) {
        Sequential model = withoutDropout(new Rng(7));
        var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new AdamW(0.01), new Rng(7)).quiet();
        trainer.fit(epoch -> shard().shuffle(new Rng(7).derive(epoch).derive(0)).batches(batch), List.of(), epochs);
        return bits(model);
    }

    @Test
    void oneShardTakesTheStepsOfTheTrainer() {
        float[] plain = trainer(90, 3);
        assertArrayEquals(plain, local(spark -> new SparkTraining<>(SparkTrainingTest::withoutDropout, CLASSES,
                _ -> new AdamW(0.01)).shards(1).batch(90).epochs(3).seed(7).fit(Cluster.points(spark, COUNT, 3))));
    }

    @Test
    void localStepsOfOneShardAreTheStepsOfTheTrainer() {
        float[] plain = trainer(80, 3);
        assertArrayEquals(plain, local(spark -> new SparkTraining<>(SparkTrainingTest::withoutDropout, CLASSES,
                _ -> new AdamW(0.01)).shards(1).batch(80).epochs(3).seed(7).localSteps(2)
                .fit(Cluster.points(spark, COUNT, 3))));
    }

    @Test
    void localStepsHaveTheSameBitsOnAllPartitionsAndLearn() {
        List<float[]> bits = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int partitions : new int[]{1, 3})
            bits.add(local(spark -> training().batch(80).epochs(4).localSteps(3).partitions(partitions)
                    .onEpoch(e -> losses.add(e.loss())).fit(Cluster.points(spark, COUNT, partitions))));
        assertArrayEquals(bits.get(0), bits.get(1));
        assertTrue(losses.get(3) < losses.get(0), "" + losses);
    }

    // ---- the mean over the batch

    private static Mlp precise(Rng rng) { return Mlp.of(DType.F64, rng, Activation.TANH, 3, 5, 1); }

    /** One step of gradient descent on all examples at once; 13 shards are of different sizes. */
    @Test
    void aStepIsThatOfTheMeanOverTheBatch() {
        Mlp plain = precise(new Rng(0));
        Tensor x = shard().all().x().to(DType.F64), y = shard().all().y().to(DType.F64).reshape(COUNT, 1);
        new Sgd(0.5).minimize(plain, () -> Losses.meanSquaredError(plain.forward(x), y));
        Mlp trained = Cluster.run("local[2]",
                spark -> new SparkTraining<>(SparkTrainingTest::precise, Losses::meanSquaredError, _ -> new Sgd(0.5))
                        .shards(13).batch(COUNT).fit(Cluster.points(spark, COUNT, 2)));
        assertArrayEquals(Packed.of(plain.state().values()).doubles(), Packed.of(trained.state().values()).doubles(),
                1e-14);
    }

    @Test
    void shardsWithoutExamplesAddNothing() {
        List<Example> three = Cluster.points(3);
        Mlp trained = Cluster.run("local[2]",
                spark -> new SparkTraining<>(SparkTrainingTest::precise, Losses::meanSquaredError, _ -> new Sgd(0.5))
                        .shards(50).batch(2).epochs(3).fit(spark.parallelize(three, 2)));
        assertTrue(trained.state().values().stream().allMatch(v -> Double.isFinite(v.sum().item())));
    }

    /** In each epoch every example is used once, in steps of almost one size. */
    @Test
    void thePlanUsesEachExampleOncePerEpoch() {
        int[] sizes = {100, 3, 0, 57, 41, 1};
        for (boolean even : new boolean[]{false, true}) {
            var plan = new Plan(202, sizes.length, 20, even);
            int[] batches = new int[plan.steps()];
            for (int s = 0; s < sizes.length; s++) {
                assertEquals(0, plan.used(s, sizes[s], 0));
                assertEquals(sizes[s], plan.used(s, sizes[s], plan.steps()));
                for (int i = 0; i < batches.length; i++) {
                    int part = plan.used(s, sizes[s], i + 1) - plan.used(s, sizes[s], i);
                    assertTrue(part >= 0);
                    batches[i] += part;
                }
            }
            for (int i = 0; i < batches.length - 1; i++)
                assertEquals(even ? 18.4 : 20, batches[i], 5);
        }
    }

    // ---- interruptions

    @Test
    void anInterruptedRunGoesOnToTheSameBits(@TempDir Path folder) throws IOException {
        assertThrows(IllegalStateException.class, () -> local(spark -> training().checkpoint(folder, 3).onEpoch(e -> {
            throw new IllegalStateException("the driver is lost");
        }).fit(Cluster.points(spark, COUNT, 2))));
        assertEquals(List.of("step-000000003.safetensors"), names(folder));
        List<Epoch> epochs = new ArrayList<>();
        assertArrayEquals(expected, local(spark -> training().checkpoint(folder, 3).onEpoch(epochs::add)
                .fit(Cluster.points(spark, COUNT, 5))));
        assertEquals(List.of(1, 2), epochs.stream().map(Epoch::number).toList());
        assertEquals(List.of("step-000000010.safetensors"), names(folder));
        assertArrayEquals(expected, local(spark -> training().checkpoint(folder, 3)
                .fit(Cluster.points(spark, COUNT, 5))));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    /** Fails in a task, or ends its process, when a file is not there, and makes it. */
    private static Loss failing(String file, boolean process) {
        return (output, label) -> {
            try {
                Files.createFile(Path.of(file));
            } catch (IOException e) {
                return CLASSES.of(output, label); // it is there
            }
            if (process)
                Runtime.getRuntime().halt(3);
            throw new IllegalStateException("the task fails");
        };
    }

    private static SparkTraining<Sequential> failing(Path file, boolean process) {
        return new SparkTraining<>(SparkTrainingTest::model, failing(file.toString(), process), _ -> new AdamW(0.01))
                .batch(90).epochs(2).seed(7);
    }

    @Test
    void aTaskThatIsTriedAgainDoesNotChangeBits(@TempDir Path folder) {
        Path file = folder.resolve("failed");
        assertArrayEquals(expected, Cluster.run("local[2,3]",
                spark -> bits(failing(file, false).fit(Cluster.points(spark, COUNT, 2)))));
        assertTrue(Files.exists(file));
    }

    @Test
    void executorProcessesAndTheDeathOfOneDoNotChangeBits(@TempDir Path folder) {
        Path file = folder.resolve("failed");
        Cluster.run(Cluster.PROCESSES, spark -> {
            assertArrayEquals(expected, bits(training().fit(Cluster.points(spark, COUNT, 3))));
            assertArrayEquals(expected, bits(failing(file, true).fit(Cluster.points(spark, COUNT, 3))));
            return null;
        });
        assertTrue(Files.exists(file));
    }

    @Test
    void executorsWithScalarKernelsLearn() {
        List<Double> losses = new ArrayList<>();
        Cluster.run(Cluster.PROCESSES,
                spark -> training().onEpoch(e -> losses.add(e.loss())).fit(Cluster.points(spark, COUNT, 3)),
                "spark.executor.extraJavaOptions=-Dautograd.kernels=scalar");
        assertTrue(losses.get(1) < losses.get(0), "" + losses);
    }

    // ---- refusals

    private static String refusal(Function<JavaSparkContext, Layer> fit) {
        return assertThrows(Exception.class, () -> local(fit)).getMessage();
    }

    private static void assertSays(String message, String... facts) {
        for (String fact : facts)
            assertTrue(message.contains(fact), message);
    }

    @Test
    void aLossThatIsNotFiniteNamesTheStepTheShardAndTheOperation() {
        assertSays(refusal(spark -> new SparkTraining<>(SparkTrainingTest::precise,
                (output, label) -> output.sub(label).mul(1e200).square().mean(), _ -> new Sgd(1))
                .fit(Cluster.points(spark, COUNT, 2))),
                "epoch 1, step 0", "16 shards", "in shard 0", "square", "infinite");
    }

    @Test
    void examplesThatDoNotFitAreRefused() {
        List<Example> points = Cluster.points(9);
        points.add(new Example(new float[]{1, 2}, 0));
        assertSays(refusal(spark -> training().fit(spark.parallelize(points))), "2 features", "some 3");
        points.set(9, new Example(new float[]{1, 2, 3}, new float[]{1, 2}));
        assertSays(refusal(spark -> training().fit(spark.parallelize(points))), "1 numbers", "labels");
        assertSays(refusal(spark -> training().fit(spark.emptyRDD())), "no examples");
        var wide = List.of(new Example(new float[]{1, 2, 3, 4}, 0));
        assertSays(refusal(spark -> training().fit(spark.parallelize(wide))), "[1, 4]", "[3, 8]");
    }

    @Test
    void aLabelThatIsNotTheNumberOfAClassIsNamed() {
        var half = List.of(new Example(new float[]{1, 2, 3}, new float[]{0.5f}));
        assertSays(refusal(spark -> new SparkTraining<>(rng -> Mlp.of(rng, 3, 2), CLASSES, _ -> new Sgd(1)).shards(1)
                .fit(spark.parallelize(half))), "label 0.5");
    }

    @Test
    void localStepsNeedAnExampleOfEachShardInEachStep() {
        assertSays(refusal(spark -> training().batch(4).localSteps(2).fit(Cluster.points(spark, COUNT, 2))),
                "100 steps", "larger batches or fewer shards");
    }

    @Test
    void settingsMustBePositive() {
        assertSays(assertThrows(IllegalArgumentException.class, () -> training().shards(0)).getMessage(),
                "shards is 0");
        assertSays(assertThrows(IllegalArgumentException.class, () -> training().batch(-1)).getMessage(), "batch");
    }
}
