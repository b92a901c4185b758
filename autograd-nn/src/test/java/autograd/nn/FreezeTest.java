package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Node;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Optimizer;
import autograd.nn.optim.Sgd;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frozen variables are constants for tapes and optimizers, and continue from their state when they are
 * unfrozen.
 */
class FreezeTest {
    private record Net(Dense hidden, Dense out) implements Layer {
        static Net of() {
            var rng = new Rng(1);
            return new Net(Dense.of(rng, 3, 4), Dense.of(rng, 4, 2));
        }

        @Override
        public Tensor forward(Tensor x, Pass pass) { return out.forward(hidden.forward(x, pass).tanh(), pass); }
    }

    private record Tied(Embedding words, Variable bias, List<Object> last) implements Trainable {}

    private final Net net = Net.of();
    private final Tensor x = Tensor.randn(new Rng(2), 5, 3), y = Tensor.randn(new Rng(3), 5, 2);

    private Tensor loss() { return Losses.meanSquaredError(net.forward(x), y); }

    private static String bits(Trainable model) {
        var text = new StringBuilder();
        model.state().values().forEach(v -> text.append(Arrays.toString(v.toDoubleArray())));
        return text.toString();
    }

    private static List<String> frozen(Trainable model) {
        List<String> paths = new ArrayList<>();
        model.state().forEach((path, v) -> {
            if (v.frozen())
                paths.add(path);
        });
        return paths;
    }

    @Test
    void pathFreezesAPartAndItsSubparts() {
        net.freeze("hidden");
        assertEquals(List.of("hidden.weight", "hidden.bias"), frozen(net));
        assertEquals(List.of(net.out.weight(), net.out.bias()), net.variables());
        net.unfreeze("hidden.bias");
        assertEquals(List.of("hidden.weight"), frozen(net));
        net.freeze(path -> path.endsWith("bias"));
        assertEquals(List.of("hidden.weight", "hidden.bias", "out.bias"), frozen(net));
        net.unfreeze(path -> path.startsWith("hidden."));
        assertEquals(List.of("out.bias"), frozen(net));
        net.freeze();
        assertEquals(4, frozen(net).size());
        net.unfreeze();
        assertEquals(List.of(), frozen(net));
    }

    /** A part that shares a variable with an earlier one has it too, although its path is the earlier one's. */
    @Test
    void tiedVariablesAreFrozenUnderEveryPath() {
        var words = Embedding.of(new Rng(0), 4, 2);
        var tied = new Tied(words, new Variable(Tensor.zeros(4)), List.of(new Dense(words.weight(),
                new Variable("bias", Tensor.zeros(2)))));
        tied.freeze("last.0");
        assertTrue(words.weight().frozen());
        assertFalse(tied.bias.frozen());
        tied.unfreeze("last");
        assertEquals(List.of(), frozen(tied));
    }

    @Test
    void runningStatisticsAreNeitherFrozenNorMadeTrainable() {
        var norm = BatchNorm.of(3);
        norm.freeze();
        assertEquals(List.of("weight", "bias"), frozen(norm));
        norm.unfreeze();
        assertEquals(List.of(norm.weight(), norm.bias()), norm.variables());
    }

    @Test
    void aPathThatLeadsNowhereIsAnError() {
        for (Runnable wrong : List.<Runnable>of(() -> net.freeze("hiden"), () -> net.freeze("hidden.weigh"),
                () -> net.unfreeze("hid"), () -> net.freeze(_ -> false), () -> net.unfreeze(_ -> false)))
            assertSays(assertThrows(IllegalArgumentException.class, wrong::run), "Net", "hidden.weight", "out.bias");
    }

    /** Operations before the first trainable variable are not recorded, so they are not played back. */
    @Test
    void frozenVariablesTakeNoGradientWork() {
        int all = recorded();
        net.freeze("hidden");
        try (var tape = new GradientTape()) {
            Tensor loss = loss();
            assertEquals(all - 5, tape.nodes().size()); // two leaves, product, addition, tanh
            for (Node node : tape.nodes())
                assertFalse(node.output() == net.hidden.weight() || node.output() == net.hidden.bias());
            loss.backward();
            assertNull(net.hidden.weight().grad());
            assertEquals(net.variables(), List.of(net.out.weight(), net.out.bias()));
        }
    }

    private int recorded() {
        try (var tape = new GradientTape()) {
            loss();
            return tape.nodes().size();
        }
    }

    @Test
    void optimizersDoNotChangeFrozenVariables() {
        for (Optimizer optimizer : List.of(new Sgd(0.1).momentum(0.9), new Adam(0.1))) {
            net.unfreeze();
            optimizer.minimize(net, this::loss);
            net.freeze("hidden");
            String hidden = bits(net.hidden), out = bits(net.out);
            optimizer.minimize(net, this::loss);
            assertEquals(hidden, bits(net.hidden));
            assertNotEquals(out, bits(net.out));
        }
    }

    /** As if the steps between had been taken with the others alone. */
    @Test
    void theStateOfAnOptimizerOutlivesFreezing() {
        var w = new Variable("w", Tensor.of(2));
        var optimizer = new Sgd(0.5).momentum(0.5);
        optimizer.minimize(List.of(w), () -> w.sum()); // momentum 1, w 1.5
        w.freeze();
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.minimize(List.of(w), () -> w.sum())),
                "variable w", "frozen", "unfreeze");
        w.unfreeze();
        optimizer.minimize(List.of(w), () -> w.sum()); // momentum 1.5
        assertArrayEquals(new double[]{0.75}, w.toDoubleArray());
    }

    @Test
    void aStepLeavesFrozenVariablesWithAGradientAlone() {
        try (var _ = new GradientTape()) {
            loss().backward();
        }
        net.freeze("hidden");
        String hidden = bits(net.hidden), out = bits(net.out);
        new Sgd(0.1).step(net.state().values());
        assertEquals(hidden, bits(net.hidden));
        assertNotEquals(out, bits(net.out));
    }

    @Test
    void theGradientOfAFrozenVariableIsAnErrorThatSaysSo() {
        net.freeze("hidden.weight");
        try (var tape = new GradientTape()) {
            Tensor loss = loss();
            assertSays(assertThrows(IllegalStateException.class,
                    () -> tape.gradient(loss, List.of(net.hidden.weight())).of(net.hidden.weight())),
                    "hidden.weight", "frozen", "unfreeze");
        }
        net.freeze();
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Sgd(1).minimize(net, this::loss)),
                "no trainable variables", "unfreeze");
    }

    @Test
    void zeroGradClearsTheModel() {
        backward();
        net.out.zeroGrad();
        assertEquals(2, withGradient());
        assertNull(net.out.weight().grad());
        net.zeroGrad();
        assertEquals(0, withGradient());
    }

    private void backward() {
        try (var _ = new GradientTape()) {
            loss().backward();
        }
    }

    private long withGradient() { return net.variables().stream().filter(v -> v.grad() != null).count(); }
}
