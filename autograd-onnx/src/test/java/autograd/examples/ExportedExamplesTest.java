package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Activation;
import autograd.nn.Conv2d;
import autograd.nn.Dense;
import autograd.nn.Dropout;
import autograd.nn.Embedding;
import autograd.nn.Flatten;
import autograd.nn.Layer;
import autograd.nn.LayerNorm;
import autograd.nn.Lstm;
import autograd.nn.MaxPool2d;
import autograd.nn.Mlp;
import autograd.nn.Pass;
import autograd.nn.Sequential;
import autograd.nn.Trainable;
import autograd.nn.init.Init;
import autograd.onnx.Onnx;
import autograd.onnx.OnnxRuntime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The models of the examples, in ONNX Runtime and here, for batches of 1, 3 and 64. */
class ExportedExamplesTest {
    private static final Rng RNG = new Rng(3);

    @TempDir
    Path folder;

    private void same(Layer model, int... shape) {
        Path file = folder.resolve("model.onnx");
        Onnx.write(file, model, Tensor.rand(RNG, with(1, shape)));
        try (var runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 3, 64)) {
                Tensor x = Tensor.rand(RNG, with(batch, shape));
                double error = OnnxRuntime.error(model.forward(x, Pass.EVAL), runtime.run(x));
                assertTrue(error < 1e-4, () -> "batch " + batch + ": error " + error);
            }
        }
    }

    private void same(Trainable model, Function<IntTensor, Tensor> forward, int vocabulary, int length) {
        Path file = folder.resolve("model.onnx");
        Onnx.write(file, model, forward, tokens(1, length, vocabulary));
        try (var runtime = new OnnxRuntime(file)) {
            for (int batch : List.of(1, 3, 64)) {
                IntTensor x = tokens(batch, length, vocabulary);
                double error = OnnxRuntime.error(forward.apply(x), runtime.run(x));
                assertTrue(error < 1e-4, () -> "batch " + batch + ": error " + error);
            }
        }
    }

    private static int[] with(int batch, int... shape) {
        int[] all = new int[shape.length + 1];
        all[0] = batch;
        System.arraycopy(shape, 0, all, 1, shape.length);
        return all;
    }

    private static IntTensor tokens(int batch, int length, int vocabulary) {
        return IntTensor.of(RNG.ints((long) batch * length, 0, vocabulary).toArray(), batch, length);
    }

    @Test
    void mnist() {
        record Net(Variable W1, Variable b1, Variable W2, Variable b2) implements Layer {
            @Override
            public Tensor forward(Tensor x, Pass pass) { return x.matmul(W1).add(b1).relu().matmul(W2).add(b2); }
        }
        same(new Net(new Variable(Tensor.randn(RNG, 784, 128).mul(0.1)), new Variable(Tensor.randn(RNG, 128)),
                new Variable(Tensor.randn(RNG, 128, 10).mul(0.1)), new Variable(Tensor.randn(RNG, 10))), 784);
    }

    @Test
    void cnn() {
        same(Sequential.of(Conv2d.of(RNG, 1, 16, 5), Activation.RELU, MaxPool2d.of(2), Conv2d.of(RNG, 16, 32, 5),
                Activation.RELU, MaxPool2d.of(2), new Flatten(), Dense.of(RNG, 512, 128), Activation.RELU,
                new Dropout(0.5), Dense.of(RNG, 128, 10)), 1, 28, 28);
    }

    @Test
    void charRnn() {
        var model = new CharRnn.Model(Embedding.of(RNG, 40, 16), Lstm.of(RNG, 16, 128), Dense.of(RNG, 128, 40));
        same(model, x -> model.out().forward(model.lstm().forward(model.letters().forward(x)).y()), 40, 50);
    }

    @Test
    void tinyTransformer() {
        var model = new TinyTransformer.Model(Embedding.of(RNG, 40, 64), Embedding.of(RNG, 64, 64),
                Stream.generate(() -> TinyTransformer.Block.of(RNG)).limit(2).toList(), LayerNorm.of(64),
                Dense.of(RNG, 64, 40));
        same(model, model::forward, 40, 64);
    }

    @Test
    void autoencoder() { same(new Autoencoder.Model(Mlp.of(RNG, 784, 256, 32), Mlp.of(RNG, 32, 256, 784)), 784); }

    @Test
    void gpt2() {
        var model = Gpt2.Model.of(DType.F32, RNG, new Gpt2.Config(320, 48, 32, 4, 3, 1e-5));
        model.state().forEach((path, v) -> v.assign(Init.normal(0.2).draw(DType.F32, RNG, v.shape().dims())));
        same(model, x -> model.forward(x, new Gpt2.Cache()), 320, 12);
        same(model.adapted(RNG, 2), x -> model.forward(x, new Gpt2.Cache()), 320, 12);
    }
}
