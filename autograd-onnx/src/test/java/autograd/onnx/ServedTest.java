package autograd.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Dense;
import autograd.nn.Embedding;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.Trainable;
import autograd.nn.data.Mnist;
import autograd.nn.optim.Adam;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** The programs of docs/interop.md, word for word. */
class ServedTest {
    @Test
    void digitsAreTrainedWrittenAndServed() throws Exception {
        // @formatter:off
        var model = Mlp.of(new Rng(0), 784, 128, 10);
        var adam = new Adam(1e-3);
        for (var batch : Mnist.embedded().train().batches(64))
            adam.minimize(model, () -> Losses.sparseSoftmaxCrossEntropy(model.forward(batch.x()), batch.y()));
        Onnx.write(Path.of("target", "digits.onnx"), model, Tensor.zeros(1, 784));

        var environment = OrtEnvironment.getEnvironment();
        float[][] logits;
        try (var session = environment.createSession("target/digits.onnx");
                var pixels = OnnxTensor.createTensor(environment, new float[1][784]);
                var result = session.run(Map.of("input", pixels))) {
            logits = (float[][]) result.get(0).getValue();
        }
        // @formatter:on
        assertArrayEquals(model.forward(Tensor.zeros(1, 784)).toFloatArray(), logits[0], 1e-5f);
        var test = Mnist.embedded().test().all();
        try (var runtime = new OnnxRuntime(Path.of("target", "digits.onnx"))) {
            Tensor served = runtime.run(test.x());
            assertTrue(served.argMax(-1).eq(test.y()).mean() > 0.85);
            assertEquals(model.forward(test.x()).argMax(-1), served.argMax(-1));
        }
    }

    record Letters(Embedding embedding, Dense out) implements Trainable {
        Tensor forward(IntTensor x) { return out.forward(embedding.forward(x)); }
    }

    record Net(Embedding embedding, Dense out) implements Trainable {
        Tensor forward(IntTensor x, Tensor features) {
            return out.forward(Tensor.concat(-1, embedding.forward(x), features));
        }
    }

    @Test
    void integersAndSeveralInputsAreWritten() {
        var rng = new Rng(1);
        var letters = new Letters(Embedding.of(rng, 9, 4), Dense.of(rng, 4, 9));
        var net = new Net(Embedding.of(rng, 9, 4), Dense.of(rng, 6, 2));
        IntTensor tokens = IntTensor.of(new int[]{1, 2, 3}, 1, 3);
        Tensor features = Tensor.randn(rng, 1, 3, 2);
        // @formatter:off
        Onnx.write(Path.of("target", "letters.onnx"), letters, letters::forward, tokens);
        Onnx.write(Path.of("target", "net.onnx"), net, in -> net.forward(in.ints(0), in.tensor(1)),
                Onnx.Inputs.of(tokens, features),
                Onnx.Options.DEFAULT.inputs("tokens", "features").output("logits").opset(21));
        // @formatter:on
        try (var runtime = new OnnxRuntime(Path.of("target", "letters.onnx"))) {
            assertTrue(OnnxRuntime.error(letters.forward(tokens), runtime.run(tokens)) < 1e-6);
        }
        try (var runtime = new OnnxRuntime(Path.of("target", "net.onnx"))) {
            assertTrue(OnnxRuntime.error(net.forward(tokens, features), runtime.run(tokens, features)) < 1e-6);
        }
    }
}
