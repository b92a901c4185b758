package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

/**
 * One neuron: {@code y = activation(x . weights + bias)}, over the last axis. Rosenblatt, 1958.
 *
 * @param weights
 *            shape [n], one for each input
 * @param bias
 *            shape [], a single number
 * @param activation
 *            applied to the sum; not softmax, which needs several outputs
 */
public record Neuron(Variable weights, Variable bias, Activation activation) implements Layer {
    /** Checks that the shapes fit. */
    public Neuron {
        if (weights.shape().rank() != 1 || bias.shape().rank() != 0)
            throw new IllegalArgumentException(
                    "Neuron: weights " + weights.shape() + " and bias " + bias.shape() + " must be [n] and []");
        if (activation == Activation.SOFTMAX || activation == Activation.LOG_SOFTMAX)
            throw new IllegalArgumentException("Neuron: softmax needs several outputs; use SIGMOID");
    }

    /** A neuron of F32 with weights uniform in [-1, 1) and bias 0. */
    public static Neuron of(Rng rng, int inputs, Activation activation) {
        return of(DType.F32, rng, inputs, activation);
    }

    /** A neuron of a dtype with weights uniform in [-1, 1) and bias 0. */
    public static Neuron of(DType dtype, Rng rng, int inputs, Activation activation) {
        return new Neuron(new Variable("weights", Init.uniform(1).draw(dtype, rng, inputs)),
                new Variable("bias", Tensor.zeros(dtype)), activation);
    }

    /** The neuron's output: for inputs [.., n] shape [..]. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() == 0 || x.shape().dim(-1) != weights.size())
            throw new IllegalArgumentException("Neuron: the input has shape " + x.shape() + ", its last extent must be "
                    + weights.size() + ", as there are weights");
        return activation.forward(x.matmul(weights).add(bias), pass);
    }

    @Override
    public String toString() { return Described.of(this, weights.size() + " -> 1", activation); }
}
