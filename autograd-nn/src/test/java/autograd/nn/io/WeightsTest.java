package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static autograd.nn.io.Golden.assertSame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Mlp;
import autograd.nn.Trainable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class WeightsTest {
    record Normed(Variable weight, Variable mean, Variable tied) implements Trainable {
        static Normed of(double value) {
            var weight = new Variable(Tensor.full(value, 2));
            return new Normed(weight, new Variable("mean", Tensor.full(DType.F64, value, 3), false), weight);
        }
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"m.safetensors", "m.npz"})
    void aModelComesBack(String name) {
        Path file = folder.resolve(name);
        Mlp model = Mlp.of(new Rng(1), 3, 4, 2), other = Mlp.of(new Rng(2), 3, 4, 2);
        Weights.save(file, model);
        Weights.load(file, other);
        model.state().forEach((path, v) -> assertSame(v, other.state().get(path)));
        Tensor x = Tensor.randn(new Rng(3), 5, 3);
        assertSame(model.forward(x), other.forward(x));
    }

    @ParameterizedTest
    @ValueSource(strings = {"m.safetensors", "m.npz"})
    void untrainedStateIsSavedToo(String name) {
        Path file = folder.resolve(name);
        Weights.save(file, Normed.of(1));
        Normed model = Normed.of(2);
        Weights.load(file, model);
        assertSame(Tensor.ones(2), model.weight);
        assertSame(Tensor.ones(DType.F64, 3), model.mean);
    }

    record Two(Variable a, Variable b) implements Trainable {}

    record Other(Variable a, Variable c) implements Trainable {}

    @ParameterizedTest
    @ValueSource(strings = {"m.safetensors", "m.npz"})
    void nothingIsHalfLoaded(String name) {
        Path file = folder.resolve(name);
        Weights.save(file, new Two(new Variable(Tensor.ones(2)), new Variable(Tensor.ones(3))));
        assertRefused(file, new Other(new Variable(Tensor.zeros(2)), new Variable(Tensor.zeros(3))), "it lacks [c]",
                "it holds [b]");
        assertRefused(file, new Two(new Variable(Tensor.zeros(2)), new Variable(Tensor.zeros(1, 3))), "b is f32 [3]",
                "must be f32 [1, 3]");
        assertRefused(file, new Two(new Variable(Tensor.zeros(2)), new Variable(Tensor.zeros(DType.F64, 3))),
                "b is f32 [3]", "must be f64 [3]");
    }

    private static void assertRefused(Path file, Trainable model, String... parts) {
        var e = assertThrows(IllegalArgumentException.class, () -> Weights.load(file, model));
        assertSays(e, parts);
        assertSays(e, file.toString());
        for (Variable v : model.state().values()) {
            assertEquals(0, v.sum().item());
            assertEquals(0, v.version());
        }
    }

    /** PyTorch's Linear stores [out, in]; a square weight would silently be read as [in, out]. */
    @Test
    void filesOfPyTorchNeedAMapping() {
        Path file = folder.resolve("m.safetensors");
        var model = new Two(new Variable(Tensor.zeros(2, 2)), new Variable(Tensor.zeros(2)));
        Map<String, Tensor> saved = Map.of("a", Tensor.ones(2, 2), "b", Tensor.ones(2));
        SafeTensors.write(file, saved, Map.of("format", "pt"));
        assertRefused(file, model, "format: pt", "PyTorch", "[out, in]");
        SafeTensors.write(file, saved, Map.of("format", "np"));
        Weights.load(file, model);
        assertSame(Tensor.ones(2, 2), model.a);
    }

    @Test
    void theNameSaysTheFormat() {
        Trainable model = Normed.of(1);
        for (String name : List.of("m", "m.bin", "m.npz.part", "/")) {
            Path file = folder.resolve(name);
            for (var e : List.of(assertThrows(IllegalArgumentException.class, () -> Weights.save(file, model)),
                    assertThrows(IllegalArgumentException.class, () -> Weights.load(file, model))))
                assertSays(e, file.toString(), ".safetensors or .npz");
            assertFalse(Files.isRegularFile(file));
        }
        assertSays(assertThrows(UncheckedIOException.class, () -> Weights.load(folder.resolve("no.npz"), model)),
                "no.npz", "does not exist");
    }
}
