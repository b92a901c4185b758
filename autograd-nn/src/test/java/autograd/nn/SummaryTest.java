package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class SummaryTest {
    private final Rng rng = new Rng(0);

    private record Digits(Conv2d conv, BatchNorm norm, MaxPool2d pool, Flatten flatten, Dropout dropout, Mlp head)
            implements
                Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            Tensor h = pool.forward(norm.forward(conv.forward(x, pass), pass).relu(), pass);
            return head.forward(dropout.forward(flatten.forward(h, pass), pass), pass);
        }
    }

    private Digits digits() {
        return new Digits(Conv2d.of(rng, 1, 2, 3), BatchNorm.of(2), MaxPool2d.of(2), new Flatten(), new Dropout(0.5),
                Mlp.of(rng, 18, 4, 3));
    }

    @Test
    void printsTheTableOfKeras() { assertEquals("""
            Layer (type)           Output shape  Params
            -------------------------------------------
            Digits                 [5, 3]           119
            conv (Conv2d)          [5, 2, 6, 6]      20
            norm (BatchNorm)       [5, 2, 6, 6]       8
            pool (MaxPool2d)       [5, 2, 3, 3]       0
            flatten (Flatten)      [5, 18]            0
            dropout (Dropout)                         0
            head (Mlp)             [5, 3]            91
            head.layers.0 (Dense)  [5, 4]            76
            head.layers.1 (Dense)  [5, 3]            15
            -------------------------------------------
            Total params: 119
            Trainable params: 115
            Non-trainable params: 4""", Summary.of(digits(), 5, 1, 8, 8).toString()); }

    @Test
    void aModelThatIsNotRunHasNoShapes() {
        var summary = Summary.of(Mlp.of(rng, 784, 128, 10));
        assertTrue(summary.rows().stream().allMatch(row -> row.output() == null));
        assertTrue(summary.toString().contains("Total params: 101,770"), summary::toString);
    }

    @Test
    void changesNothing() {
        Digits model = digits();
        List<double[]> before = model.state().values().stream().map(Tensor::toDoubleArray).toList();
        Summary.of(model, Tensor.randn(rng, 2, 1, 8, 8));
        int i = 0;
        for (var v : model.state().values()) {
            assertArrayEquals(before.get(i++), v.toDoubleArray());
            assertEquals(0, v.version());
        }
    }

    @Test
    void tellsLayersOfOneClassApart() {
        var model = Sequential.of(Dense.of(rng, 2, 3), Dense.of(rng, 3, 4), new Residual(Dense.of(rng, 4, 4)),
                Activation.RELU, Sequential.of(Dense.of(rng, 4, 5)), Dense.of(rng, 5, 6));
        assertShapes(Summary.of(model, 7, 2), "", 6, "layers.0", 3, "layers.1", 4, "layers.2", 4, "layers.2.layer", 4,
                "layers.4", 5, "layers.4.layers.0", 5, "layers.5", 6);
    }

    /** A product of more than two axes begins with a reshape, before it comes to its variable. */
    @Test
    void theNextLayerOfAClassBeginsBeforeItsVariables() {
        var model = Sequential.of(Dense.of(rng, 2, 3), Dense.of(rng, 3, 4), Dense.of(rng, 4, 5));
        List<Summary.Row> rows = Summary.of(model, 6, 7, 2).rows();
        for (int i = 0; i < 3; i++)
            assertEquals(Shape.of(6, 7, 3 + i), rows.get(i + 1).output());
    }

    private static void assertShapes(Summary summary, Object... pathsAndWidths) {
        assertEquals(pathsAndWidths.length / 2, summary.rows().size());
        for (int i = 0; i < pathsAndWidths.length; i += 2) {
            assertEquals(pathsAndWidths[i], summary.rows().get(i / 2).path());
            assertEquals(Shape.of(7, (int) pathsAndWidths[i + 1]), summary.rows().get(i / 2).output());
        }
    }

    private record Words(Embedding words, Recurrent<Lstm.State> lstm, MultiHeadAttention attention)
            implements
                Trainable {
        Tensor forward(IntTensor indices) { return attention.forward(lstm.forward(words.forward(indices))).sum(); }
    }

    @Test
    void modelsOfOtherThingsSayHowTheyRun() {
        var model = new Words(Embedding.of(DType.F64, rng, 9, 2, Init.normal(1)),
                Recurrent.of(1, 2, 4, (in, width) -> Lstm.of(DType.F64, rng, in, width,
                        Init.normal(1))),
                MultiHeadAttention.of(DType.F64, rng, 4, 2, Init.xavierUniform()));
        IntTensor indices = IntTensor.of(new int[15], 3, 5);
        List<Summary.Row> rows = Summary.of(model, () -> model.forward(indices)).rows();
        assertEquals(List.of("Words", "Embedding", "Recurrent", "Lstm", "Dropout", "MultiHeadAttention", "Dense",
                "Dense", "Dense", "Dense", "Dropout"), rows.stream().map(Summary.Row::type).toList());
        assertEquals(Shape.SCALAR, rows.get(0).output());
        assertEquals(Shape.of(3, 5, 2), rows.get(1).output());
        for (int i : new int[]{2, 3, 5, 6, 9})
            assertEquals(Shape.of(3, 5, 4), rows.get(i).output(), rows.get(i).path());
    }

    /** What comes before the first trainable variable is seen, too. */
    @Test
    void frozenLayersAndALeadingFlattenHaveOutputs() {
        var frozen = new Dense(new Variable("weight", Tensor.zeros(12, 5), false),
                new Variable("bias", Tensor.zeros(5), false));
        var model = Sequential.of(new Flatten(), frozen, Activation.TANH, Dense.of(rng, 5, 2));
        assertEquals(Arrays.asList(Shape.of(7, 2), Shape.of(7, 12), Shape.of(7, 5), Shape.of(7, 2)),
                Summary.of(model, 7, 3, 4).rows().stream().map(Summary.Row::output).toList());
        assertEquals(List.of(Shape.of(7, 5), Shape.of(7, 12), Shape.of(7, 5)), Summary
                .of(Sequential.of(new Flatten(), frozen), 7, 3, 4).rows().stream().map(Summary.Row::output).toList());
        assertEquals(new Summary.Row("", "Dense", Shape.of(7, 5), 0, 65), Summary.of(frozen, 7, 12).rows().getFirst());
    }

    @Test
    void aLayerWithoutVariablesHasNone() {
        assertEquals(List.of(new Summary.Row("", "Flatten", Shape.of(2, 12), 0, 0)),
                Summary.of(new Flatten(), 2, 3, 4).rows());
    }
}
