package autograd.examples;

import module autograd.nn;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Compresses handwritten digits to 32 numbers and reconstructs them. The bound: a mean squared error below
 * 0.015 per pixel of the test digits, whose pixels are 0 to 1. This has 39 lines of code.
 */
class Autoencoder {
    private static final int SHOWN = 10;

    record Model(Mlp encoder, Mlp decoder) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) { return decoder.forward(encoder.forward(x, pass), pass); }
    }

    @Option(names = "--data", description = "folder of MNIST's four IDX files; else 10,000 embedded digits")
    private @Nullable Path data;

    @Option(names = "--epochs", description = "passes over the training digits (${DEFAULT-VALUE})")
    private int epochs = 10;

    @Option(names = "--seed", description = "seed of all random numbers (${DEFAULT-VALUE})")
    private long seed = 0;

    void main(String[] args) {
        new CommandLine(this).parseArgs(args);
        var digits = data == null ? autograd.nn.data.Mnist.embedded() : autograd.nn.data.Mnist.load(data);
        Tensor test = digits.test().all().x();

        var rng = new Rng(seed);
        var model = new Model(Mlp.of(rng, 784, 256, 32), Mlp.of(rng, 32, 256, 784));
        Trainer.of(model, Losses::binaryCrossEntropyWithLogits, new Adam(1e-3), rng).batchSize(64).quiet()
                .fit(digits.train().map(b -> new Batch<>(b.x(), b.x())), epochs,
                        (_, epoch) -> System.out.printf(Locale.ROOT, "Epoch %d, mean squared error: %.4f%n",
                                epoch.number(), error(model, test)));

        var grid = new ImageGrid("Test digits and their reconstructions from 32 numbers", SHOWN);
        Tensor drawn = model.forward(test).sigmoid();
        for (int i = 0; i < SHOWN; i++)
            grid.add(image(test, i), "digit");
        for (int i = 0; i < SHOWN; i++)
            grid.add(image(drawn, i), "drawn");
        grid.save(Path.of("out", "autoencoder.png"));
        double error = error(model, test);
        System.out.printf(Locale.ROOT, "Error: %.4f, %s the bound 0.015%n", error, error < 0.015 ? "within" : "above");
    }

    private static double error(Model model, Tensor test) {
        return Losses.meanSquaredError(model.forward(test).sigmoid(), test).item();
    }

    private static Tensor image(Tensor all, int i) { return all.select(0, i).reshape(28, 28); }
}
