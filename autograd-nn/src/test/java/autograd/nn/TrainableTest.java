package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

class TrainableTest {
    private final Variable a = variable("a"), b = variable("b"), c = variable("c");

    private record Pair(Variable left, Variable right) implements Trainable {}

    private record Nested(Pair first, Plain second) implements Trainable {}

    /** A record need not be a trainable to be looked into. */
    private record Plain(Variable inner) {}

    private record One(@Nullable Object part) implements Trainable {}

    private record WithPart(Variable scale, Object part) implements Trainable {}

    @Test
    void findsTheComponentsOfARecordInOrder() {
        assertState(new Pair(b, a), "left", b, "right", a);
        assertState(new Nested(new Pair(a, b), new Plain(c)), "first.left", a, "first.right", b, "second.inner", c);
    }

    @Test
    void looksIntoListsMapsAndArrays() {
        assertState(new One(List.of(a, new Pair(b, c))), "part.0", a, "part.1.left", b, "part.1.right", c);
        assertState(new One(new Variable[]{a, b}), "part.0", a, "part.1", b);
        assertState(new One(new Plain[][]{{new Plain(a)}, {}, {new Plain(b), new Plain(c)}}), "part.0.0.inner", a,
                "part.2.0.inner", b, "part.2.1.inner", c);
        var map = new LinkedHashMap<Object, Object>();
        map.put("query", a);
        map.put(DType.F32, List.of(b));
        map.put(7, new Plain(c));
        assertState(new One(map), "part.query", a, "part.f32.0", b, "part.7.inner", c);
    }

    @Test
    void skipsNullComponents() {
        assertState(new One(null));
        assertState(new One(Arrays.asList(null, a, null)), "part.1", a);
        assertState(new One(new @Nullable Variable[]{null, a}), "part.1", a);
        var map = new HashMap<String, @Nullable Variable>();
        map.put("none", null);
        map.put("some", a);
        assertState(new One(map), "part.some", a);
        assertState(new One(List.of()));
    }

    @Test
    void skipsSettings() {
        for (Object setting : new Object[]{1, 0.5, 'x', "name", true, DType.F32, Activation.TANH, new int[]{3, 3},
                new double[1], Tensor.ones(2), IntTensor.of(1), Mask.of(new boolean[]{true}, 1), Shape.of(2),
                new Rng(0), new String[]{"a"}, List.of(1, 2), Map.of("momentum", 0.9)})
            assertState(new WithPart(a, setting), "scale", a);
    }

    @Test
    void aVariableUsedTwiceIsFoundOnceWhereItComesFirst() {
        assertState(new Pair(a, a), "left", a);
        var shared = new Pair(a, b);
        assertState(new One(List.of(c, shared, new Plain(b), shared)), "part.0", c, "part.1.left", a, "part.1.right",
                b);
        assertEquals(List.of(a), new Pair(a, a).variables());
    }

    @Test
    void variablesThatAreNotTrainableAreStateOnly() {
        var mean = new Variable("mean", Tensor.zeros(2), false);
        var model = new One(List.of(a, mean, b));
        assertState(model, "part.0", a, "part.1", mean, "part.2", b);
        assertEquals(List.of(a, b), model.variables());
    }

    @ParameterizedTest
    @EnumSource
    void anActivationHasNoVariables(Activation activation) {
        assertState(activation);
        assertEquals(List.of(), activation.variables());
    }

    @Test
    void readyMadeModelsHaveTheirPaths() {
        var rng = new Rng(0);
        Dense dense = Dense.of(rng, 2, 3);
        assertState(dense, "weight", dense.weight(), "bias", dense.bias());
        assertEquals(List.of("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"),
                List.copyOf(Mlp.of(rng, 2, 3, 1).state().keySet()));
        var nested = Sequential.of(dense, Activation.RELU, Sequential.of(Dense.of(rng, 3, 3), dense),
                Mlp.of(rng, 3, 1));
        assertEquals(List.of("layers.0.weight", "layers.0.bias", "layers.2.layers.0.weight", "layers.2.layers.0.bias",
                "layers.3.layers.0.weight", "layers.3.layers.0.bias"), List.copyOf(nested.state().keySet()));
        assertState(Sequential.of());
    }

    @Test
    void messagesCallVariablesByTheirPath() {
        Mlp net = Mlp.of(new Rng(1), 3, 4, 2);
        Variable weight = net.state().lastEntry().getValue();
        String path = net.state().lastEntry().getKey();
        net.state();
        assertTrue(path.contains("."), path);
        assertTrue(weight.label().startsWith("variable " + path + " ["), weight.label());
        String message = assertThrows(IllegalArgumentException.class, () -> weight.assign(Tensor.zeros(7)))
                .getMessage();
        assertTrue(message.contains("variable " + path), message);
        try (var tape = new GradientTape()) {
            Tensor y = net.forward(Tensor.ones(1, 3)).sum();
            weight.assign(weight.mul(2));
            String changed = assertThrows(IllegalStateException.class, () -> tape.gradients(y)).getMessage();
            assertTrue(changed.contains("variable " + path), changed);
        }
    }

    @Test
    void aPartOfAModelDoesNotShortenAPath() {
        Mlp net = Mlp.of(new Rng(1), 3, 4, 2);
        var whole = new Residual(net);
        whole.state();
        net.state();
        assertTrue(whole.state().firstEntry().getValue().label()
                .startsWith("variable " + whole.state().firstEntry().getKey() + " ["));
    }

    @Test
    void theStateCannotBeChangedButItsVariablesCan() {
        var state = new Pair(a, b).state();
        assertThrows(UnsupportedOperationException.class, () -> state.remove("left"));
        state.get("left").assign(Tensor.of(5));
        assertEquals(5, a.item());
    }

    @Test
    void aLambdaIsRefusedByItsPath() {
        Layer flatten = (x, _) -> x.reshape(x.shape().dim(0), -1);
        var model = Sequential.of(Dense.of(new Rng(0), 2, 3), flatten);
        assertRefused(model, "layers.1 ", "make it a record", "override state()");
        assertThrows(IllegalStateException.class, model::variables);
        assertRefused(flatten, "make it a record", "override state()");
    }

    /** Holds a variable that no record component leads to. */
    private static final class Opaque implements Trainable {
        final Variable hidden = variable("hidden");
    }

    private static final class NotEvenTrainable {
        final Variable hidden = variable("hidden");
    }

    @Test
    void aPlainClassIsRefusedByItsPath() {
        assertEquals(1, new Opaque().hidden.size());
        assertRefused(new One(Map.of("head", List.of(new Opaque()))), "part.head.0 ", Opaque.class.getName(),
                "make it a record, or override state()");
        assertEquals(1, new NotEvenTrainable().hidden.size());
        assertRefused(new WithPart(a, new NotEvenTrainable()), "part ", NotEvenTrainable.class.getName());
        assertRefused(new Opaque(), "the model ", Opaque.class.getName(), "override state()");
        assertRefused(new Trainable() {
        }, "the model ", "make it a record");
    }

    /** A class that says itself what it has. */
    private static final class Counter implements Layer {
        private final Variable scale, count;

        Counter(Variable scale) {
            this.scale = scale;
            this.count = new Variable("count", Tensor.zeros(1), false);
        }

        @Override
        public SequencedMap<String, Variable> state() {
            var state = new LinkedHashMap<String, Variable>();
            state.put("scale", scale);
            state.put("inner.count", count);
            return state;
        }

        @Override
        public Tensor forward(Tensor x, Pass pass) { return x.mul(scale); }
    }

    private interface Scaling extends Trainable {
        Variable factor();

        @Override
        default SequencedMap<String, Variable> state() { return new LinkedHashMap<>(Map.of("factor", factor())); }
    }

    @Test
    void aClassMayOverrideState() {
        var counter = new Counter(a);
        assertEquals(List.of("scale", "inner.count"), List.copyOf(counter.state().keySet()));
        assertEquals(List.of(a), counter.variables());
        var model = Sequential.of(Activation.TANH, counter);
        assertState(model, "layers.1.scale", a, "layers.1.inner.count", counter.count);
        assertEquals(List.of(a), model.variables());
        Scaling scaling = () -> b;
        assertState(new WithPart(a, scaling), "scale", a, "part.factor", b);
        assertState(new WithPart(a, counter), "scale", a, "part.inner.count", counter.count);
    }

    /** A record whose own walk is only part of its state. */
    private record Renamed(Variable weight) implements Trainable {
        @Override
        public SequencedMap<String, Variable> state() {
            var state = new LinkedHashMap<String, Variable>();
            Trainable.super.state().forEach((path, v) -> state.put("my-" + path, v));
            return state;
        }
    }

    @Test
    void aRecordMayOverrideState() {
        assertState(new Renamed(a), "my-weight", a);
        assertState(new Pair2(new Renamed(a), new Renamed(b)), "x.my-weight", a, "y.my-weight", b);
    }

    private record Pair2(Renamed x, Renamed y) implements Trainable {}

    @Test
    void twoVariablesOfOnePathAreRefused() {
        var map = new LinkedHashMap<String, Object>();
        map.put("a.b", a);
        map.put("a", Map.of("b", b));
        assertRefused(new One(map), "part.a.b", "two");
    }

    private record Failing(Variable weight) implements Trainable {
        @Override
        public Variable weight() { throw new IllegalArgumentException("lost"); }
    }

    @Test
    void anAccessorThatFailsIsNamed() {
        var e = assertThrows(IllegalStateException.class, () -> new Failing(a).state());
        assertSays(e, "weight", Failing.class.getName());
        assertEquals("lost", String.valueOf(rootOf(e).getMessage()));
    }

    private static Throwable rootOf(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootOf(cause);
    }

    @Test
    void cyclesEnd() {
        var list = new ArrayList<Object>();
        var model = new One(list);
        list.add(a);
        list.add(model);
        list.add(list);
        list.add(new Plain(b));
        assertState(model, "part.0", a, "part.3.inner", b);
        Object[] array = {c, null};
        array[1] = array;
        assertState(new One(array), "part.0", c);
        var map = new HashMap<String, Object>();
        map.put("self", map);
        assertState(new One(map));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void everyTreeGivesItsVariablesInOrder(@ForAll("trees") Object tree) {
        var expected = new LinkedHashMap<String, Variable>();
        list("part", tree, expected);
        assertEquals(expected, new One(tree).state());
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(new One(tree).state().keySet()));
        assertEquals(expected.values().stream().filter(Variable::trainable).toList(), new One(tree).variables());
    }

    @Provide
    Arbitrary<Object> trees() {
        Arbitrary<Object> leaf = Arbitraries.of(true, false).map(t -> new Variable("leaf", Tensor.zeros(1), t));
        return Arbitraries.recursive(() -> leaf, //
                inner -> Arbitraries.oneOf(inner.list().ofMaxSize(3), inner.array(Object[].class).ofMaxSize(3),
                        inner.list().ofSize(1).map(l -> new One(l.getFirst()))),
                0, 4);
    }

    private static void list(String path, @Nullable Object tree, Map<String, Variable> into) {
        switch (tree) {
            case Variable v -> into.put(path, v);
            case One one -> list(path + ".part", one.part(), into);
            case Object[] array -> list(path, Arrays.asList(array), into);
            case null, default -> {
                List<?> list = assertInstanceOf(List.class, tree);
                for (int i = 0; i < list.size(); i++)
                    list(path + "." + i, list.get(i), into);
            }
        }
    }

    private static Variable variable(String name) { return new Variable(name, Tensor.zeros(1)); }

    private static void assertState(Trainable model, Object... pathsAndVariables) {
        SequencedMap<String, Variable> state = model.state();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < pathsAndVariables.length; i += 2)
            paths.add((String) pathsAndVariables[i]);
        assertEquals(paths, List.copyOf(state.keySet()));
        for (int i = 0; i < paths.size(); i++)
            assertSame(pathsAndVariables[2 * i + 1], state.get(paths.get(i)), paths.get(i));
    }

    private static void assertRefused(Trainable model, String... parts) {
        assertSays(assertThrows(IllegalStateException.class, model::state), parts);
    }
}
