package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;

/** EncoderBlock, DecoderBlock and PositionalEncoding. */
class TransformerTest {
    private static final int WIDTH = 4;

    private static EncoderBlock encoder(boolean normFirst) {
        return randomized(EncoderBlock.of(DType.F64, new Rng(0), WIDTH, 2, 3, 0, normFirst));
    }

    private static DecoderBlock decoder(boolean normFirst) {
        return randomized(DecoderBlock.of(DType.F64, new Rng(1), WIDTH, 2, 3, 0, normFirst));
    }

    /** So that biases and norms are not where they start. */
    private static <T extends Trainable> T randomized(T model) {
        var rng = new Rng(9);
        for (Variable v : model.variables())
            v.assign(Tensor.randn(DType.F64, rng, v.shape().dims()).mul(0.6));
        return model;
    }

    private static Tensor sequences(long seed, int n, int length) {
        return Tensor.randn(DType.F64, new Rng(seed), n, length, WIDTH);
    }

    @Test
    void theEncoderAddsAttentionAndPerceptron() {
        Tensor x = sequences(2, 2, 3);
        EncoderBlock last = encoder(false), first = encoder(true);
        Tensor h = last.attentionNorm().forward(x.add(last.attention().forward(x)));
        h = last.perceptronNorm().forward(h.add(last.perceptron().forward(h)));
        assertArrayEquals(h.toDoubleArray(), last.forward(x).toDoubleArray(), 1e-14);
        h = x.add(first.attention().forward(first.attentionNorm().forward(x)));
        h = h.add(first.perceptron().forward(first.perceptronNorm().forward(h)));
        assertArrayEquals(h.toDoubleArray(), first.forward(x).toDoubleArray(), 1e-14);
    }

    @Test
    void theDecoderLooksAtTheMemory() {
        Tensor x = sequences(3, 2, 3), memory = sequences(4, 2, 5);
        Mask causal = Masks.causal(3);
        DecoderBlock last = decoder(false), first = decoder(true);
        Tensor h = last.attentionNorm().forward(x.add(last.attention().forward(x, causal)));
        h = last.crossNorm().forward(h.add(last.cross().forward(h, memory, memory)));
        h = last.perceptronNorm().forward(h.add(last.perceptron().forward(h)));
        assertArrayEquals(h.toDoubleArray(), last.forward(x, memory, Pass.EVAL).toDoubleArray(), 1e-14);
        h = x.add(first.attention().forward(first.attentionNorm().forward(x), causal));
        h = h.add(first.cross().forward(first.crossNorm().forward(h), memory, memory));
        h = h.add(first.perceptron().forward(first.perceptronNorm().forward(h)));
        assertArrayEquals(h.toDoubleArray(), first.forward(x, memory, Pass.EVAL).toDoubleArray(), 1e-14);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDecoderNeverLooksAhead(boolean normFirst) {
        DecoderBlock block = decoder(normFirst);
        Tensor memory = sequences(5, 1, 3), x = sequences(6, 1, 5);
        Tensor other = Tensor.concat(1, x.slice(1, 0, 3), sequences(7, 1, 2));
        assertArrayEquals(block.forward(x, memory, Pass.EVAL).slice(1, 0, 3).toDoubleArray(),
                block.forward(other, memory, Pass.EVAL).slice(1, 0, 3).toDoubleArray(), 1e-14);
    }

    @Test
    void paddingIsNotLookedAt() {
        Tensor x = sequences(8, 2, 4), memory = sequences(9, 2, 3);
        Mask kept = Masks.lengths(4, 4, 2), memoryKept = Masks.lengths(3, 3, 1);
        Tensor x1 = x.slice(0, 1, 2).slice(1, 0, 2), memory1 = memory.slice(0, 1, 2).slice(1, 0, 1);
        Tensor y = encoder(true).forward(x, Masks.keys(kept), Pass.EVAL);
        assertArrayEquals(encoder(true).forward(x1).toDoubleArray(),
                y.slice(0, 1, 2).slice(1, 0, 2).toDoubleArray(), 1e-14);
        y = decoder(false).forward(x, memory, kept, memoryKept, Pass.EVAL);
        assertArrayEquals(decoder(false).forward(x1, memory1, Pass.EVAL).toDoubleArray(),
                y.slice(0, 1, 2).slice(1, 0, 2).toDoubleArray(), 1e-14);
    }

    @Test
    void trainingDropsAndEvaluationDoesNot() {
        Tensor x = sequences(10, 2, 3);
        EncoderBlock encoder = EncoderBlock.of(DType.F64, new Rng(0), WIDTH, 2, 3, 0.5, false);
        DecoderBlock decoder = DecoderBlock.of(DType.F64, new Rng(0), WIDTH, 2, 3, 0.5, false);
        assertArrayEquals(encoder.forward(x).toDoubleArray(), encoder.forward(x, Pass.EVAL).toDoubleArray());
        assertFalse(Arrays.equals(encoder.forward(x).toDoubleArray(),
                encoder.forward(x, Pass.training(new Rng(1))).toDoubleArray()));
        assertArrayEquals(encoder.forward(x, Pass.training(new Rng(1))).toDoubleArray(),
                encoder.forward(x, Pass.training(new Rng(1))).toDoubleArray());
        assertFalse(Arrays.equals(decoder.forward(x, x, Pass.EVAL).toDoubleArray(),
                decoder.forward(x, x, Pass.training(new Rng(1))).toDoubleArray()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theirGradientsAreTheirSlopes(boolean normFirst) {
        EncoderBlock encoder = encoder(normFirst);
        DecoderBlock decoder = decoder(normFirst);
        Tensor x = sequences(11, 1, 2), memory = sequences(12, 1, 3), g = sequences(13, 1, 2);
        Slope.assertGradients(() -> encoder.forward(x).mul(g).mean().mul(0.1), encoder.variables());
        Slope.assertGradients(() -> decoder.forward(x, memory, Pass.EVAL).mul(g).mean().mul(0.1),
                decoder.variables());
        GradCheck.of(in -> encoder.forward(in)).verify(x);
        GradCheck.of(in -> decoder.forward(x, in, Pass.EVAL)).verify(memory);
    }

    @Test
    void blocksHaveTheirPaths() {
        List<String> paths = List.copyOf(encoder(true).state().keySet());
        assertEquals(16, paths.size());
        assertEquals("attention.query.weight", paths.getFirst());
        assertEquals("perceptron.layers.3.weight", paths.get(12));
        assertEquals(26, decoder(true).variables().size());
    }

    @Test
    void wavesGoFromFastToSlow() {
        PositionalEncoding layer = PositionalEncoding.sinusoidal(DType.F64, 6, 5);
        Tensor x = Tensor.randn(DType.F64, new Rng(14), 2, 4, 5), y = layer.forward(x);
        for (int p = 0; p < 4; p++)
            for (int k = 0; k < 5; k++) {
                double angle = p * Math.exp(-Math.log(10000) * (k / 2 * 2) / 5);
                assertEquals(x.get(1, p, k) + (k % 2 == 0 ? Math.sin(angle) : Math.cos(angle)), y.get(1, p, k), 1e-12);
            }
        assertEquals(List.of(), layer.variables());
    }

    @Test
    void positionsCanBeLearned() {
        PositionalEncoding layer = PositionalEncoding.learned(DType.F64, new Rng(15), 4, 3, Init.normal(1));
        Tensor x = Tensor.randn(DType.F64, new Rng(16), 2, 3, 3);
        assertEquals(List.of("table"), List.copyOf(layer.state().keySet()));
        assertEquals(x.get(1, 2, 0) + layer.table().get(2, 0), layer.forward(x).get(1, 2, 0));
        Slope.assertGradients(() -> layer.forward(x).square().sum(), layer.variables());
        GradCheck.of(in -> layer.forward(in)).verify(x);
        assertEquals(Shape.of(7, 2), PositionalEncoding.learned(new Rng(0), 7, 2).table().shape());
    }

    @Test
    void nameThemselvesWhenShapesDoNotFit() {
        for (Shape shape : new Shape[]{Shape.of(3, 4), Shape.of(2, 3, 5), Shape.SCALAR}) {
            Tensor x = Tensor.zeros(DType.F64, shape);
            assertSays(assertThrows(IllegalArgumentException.class, () -> encoder(true).forward(x)), "EncoderBlock",
                    shape.toString(), "[n, length, 4]");
            assertSays(assertThrows(IllegalArgumentException.class, () -> decoder(true).forward(x, x, Pass.EVAL)),
                    "DecoderBlock", shape.toString(), "[n, length, 4]");
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> decoder(true).forward(sequences(0, 2, 3), x, Pass.EVAL)), "DecoderBlock", "memory " + shape,
                    "[2, 3, 4]");
        }
        PositionalEncoding positions = PositionalEncoding.sinusoidal(6, 4);
        for (Shape shape : new Shape[]{Shape.of(4), Shape.of(2, 7, 4), Shape.of(6, 3)})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> positions.forward(Tensor.zeros(shape.dims()))), "PositionalEncoding", shape.toString(),
                    "[.., length, 4]", "at most 6");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new PositionalEncoding(Tensor.zeros(3))),
                "PositionalEncoding", "[3]", "[longest, width]");
    }
}
