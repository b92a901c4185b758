package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;

class NeuronTest {
    /** The neuron of micrograd's first picture: tanh(2 * -3 + 0 * 1 + 6.8813735870195432). */
    @Test
    void isTheActivationOfTheWeightedSum() {
        var neuron = new Neuron(new Variable(Tensor.of(DType.F64, -3, 1)),
                new Variable(Tensor.scalar(DType.F64, 6.8813735870195432)), Activation.TANH);
        assertEquals(Math.sqrt(0.5), neuron.forward(Tensor.of(DType.F64, 2, 0)).item(), 1e-15);
    }

    @Test
    void takesBatches() {
        Neuron neuron = Neuron.of(new Rng(0), 3, Activation.RELU);
        assertEquals(Shape.of(5), neuron.forward(Tensor.zeros(5, 3)).shape());
        assertEquals(Shape.of(2, 5), neuron.forward(Tensor.zeros(2, 5, 3)).shape());
        assertEquals(4, neuron.variables().stream().mapToInt(Variable::size).sum());
        assertTrue(neuron.weights().abs().le(1).all());
    }

    @Test
    void itsGradientsAreItsSlopes() {
        Neuron neuron = Neuron.of(DType.F64, new Rng(1), 4, Activation.SIGMOID);
        Tensor x = Tensor.randn(DType.F64, new Rng(2), 3, 4);
        Slope.assertGradients(() -> neuron.forward(x).square().sum(), neuron.variables());
        GradCheck.of(in -> neuron.forward(in)).verify(x);
    }

    @Test
    void namesItselfWhenShapesDoNotFit() {
        Neuron neuron = Neuron.of(new Rng(0), 3, Activation.RELU);
        assertSays(assertThrows(IllegalArgumentException.class, () -> neuron.forward(Tensor.zeros(5, 2))), "Neuron",
                "[5, 2]", "3");
        assertThrows(IllegalArgumentException.class, () -> neuron.forward(Tensor.scalar(1)));
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> new Neuron(neuron.weights(), neuron.weights(), Activation.TANH)), "Neuron", "[3]", "[]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Neuron.of(new Rng(0), 3, Activation.SOFTMAX)),
                "Neuron", "SIGMOID");
    }
}
