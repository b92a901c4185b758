package autograd.examples;

import module autograd.nn;

import java.util.List;
import java.util.Locale;

/**
 * One neuron with three activations, as part 1 of the coding guide has it: activation(x . w + b). The Python
 * has 30 lines, this has 9; its derivatives, which the guide writes by hand later, come from the tape.
 */
class SingleNeuron {
    void main() {
        Tensor x = Tensor.of(1, 2, 3);
        for (var activation : List.of(Activation.SIGMOID, Activation.RELU, Activation.IDENTITY)) {
            var neuron = Neuron.of(new Rng(3), 3, activation);
            try (var tape = new GradientTape()) {
                Tensor y = neuron.forward(x);
                System.out.printf(Locale.ROOT, "%-8s of %s: %.4f, its gradient in the weights: %s%n", activation, x,
                        y.item(), tape.gradient(y, neuron.weights()));
            }
        }
    }
}
