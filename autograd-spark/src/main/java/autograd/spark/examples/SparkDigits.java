package autograd.spark.examples;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.data.Batch;
import autograd.nn.data.Mnist;
import autograd.nn.optim.Adam;
import autograd.spark.Example;
import autograd.spark.Loss;
import autograd.spark.SparkTraining;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The embedded digits with a 784-128-10 network: on the cluster that {@code spark-submit} names, or on all
 * cores of this machine. The arguments are the number of epochs and the number of shards.
 */
final class SparkDigits {
    private SparkDigits() {}

    static void main(String[] args) {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int shards = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        var conf = new SparkConf().setAppName("SparkDigits").setIfMissing("spark.master", "local[*]")
                .setIfMissing("spark.log.level", "WARN");
        try (var spark = new JavaSparkContext(conf)) {
            Mnist digits = Mnist.embedded();
            var train = spark.parallelize(examples(digits.train().all()));

            Mlp mlp = new SparkTraining<>(rng -> Mlp.of(rng, 784, 128, 10),
                    Loss.classes(Losses::sparseSoftmaxCrossEntropy), _ -> new Adam(1e-3)).shards(shards).batch(64)
                    .epochs(epochs)
                    .onEpoch(e -> System.out.printf(Locale.ROOT, "Epoch %d, Loss: %.4f%n", e.number(), e.loss()))
                    .fit(train);

            Batch<Tensor, IntTensor> test = digits.test().all();
            IntTensor found = mlp.forward(test.x().reshape(test.size(), 784)).argMax(-1);
            System.out.printf(Locale.ROOT, "Test Accuracy: %.4f%n", found.eq(test.y()).mean());
        }
    }

    private static List<Example> examples(Batch<Tensor, IntTensor> batch) {
        float[] pixels = batch.x().toFloatArray();
        int[] labels = batch.y().toArray();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < labels.length; i++)
            examples.add(new Example(Arrays.copyOfRange(pixels, i * 784, (i + 1) * 784), labels[i]));
        return examples;
    }
}
