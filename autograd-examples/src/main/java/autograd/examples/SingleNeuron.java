package autograd.examples;

import module autograd.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One neuron with three activations, as in part 1 of the coding guide: activation(x . w + b). It also prints
 * the derivatives. This has 13 lines of code.
 */
class SingleNeuron {
    void main() {
        Tensor x = Tensor.of(1, 2, 3);
        var weights = new Variable("weights", Tensor.of(0.2, 0.8, -0.5));
        var bias = new Variable("bias", Tensor.scalar(2));
        for (var activation : List.of(Activation.SIGMOID, Activation.RELU, Activation.IDENTITY))
            try (var tape = new GradientTape()) {
                Tensor y = new Neuron(weights, bias, activation).forward(x);
                System.out.printf(Locale.ROOT, "%-8s %.4f, by the weights %s%n", activation, y.item(),
                        Arrays.toString(tape.gradient(y, weights).toFloatArray()));
            }
    }
}
