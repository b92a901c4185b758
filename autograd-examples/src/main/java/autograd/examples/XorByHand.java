package autograd.examples;

import module autograd.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * XOR in micrograd's style: every weight is a single number, whose grad() is the derivative of the loss. This
 * has 43 lines of code.
 */
class XorByHand {
    private static final int HIDDEN = 4;

    private final List<Variable> weights = new ArrayList<>();
    private final Rng rng = new Rng(1);

    /** A new weight. */
    private Variable weight() {
        weights.add(new Variable(Tensor.scalar(2 * rng.nextDouble() - 1)));
        return weights.getLast();
    }

    /** Weights of tanh(a x + b y + c). */
    private record Neuron(Variable a, Variable b, Variable c) {
        Tensor of(double x, double y) { return a.mul(x).add(b.mul(y)).add(c).tanh(); }
    }

    void main() {
        List<Neuron> hidden = new ArrayList<>();
        List<Variable> out = new ArrayList<>();
        for (int i = 0; i < HIDDEN; i++) {
            hidden.add(new Neuron(weight(), weight(), weight()));
            out.add(weight());
        }
        int[][] cases = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
        for (int step = 0; step <= 500; step++) {
            try (var tape = new GradientTape()) {
                Tensor loss = Tensor.scalar(0);
                for (int[] c : cases)
                    loss = loss.add(output(hidden, out, c).sub(c[2]).square());
                loss.backward();
                if (step % 100 == 0)
                    System.out.printf(Locale.ROOT, "step %3d, loss %.5f%n", step, loss.item());
            }
            for (Variable w : weights) {
                w.assign(w.sub(w.grad().mul(0.05)));
                w.zeroGrad();
            }
        }
        for (int[] c : cases)
            System.out.printf(Locale.ROOT, "%d xor %d = %.3f%n", c[0], c[1], output(hidden, out, c).item());
    }

    private static Tensor output(List<Neuron> hidden, List<Variable> out, int[] c) {
        Tensor y = Tensor.scalar(0);
        for (int i = 0; i < HIDDEN; i++)
            y = y.add(hidden.get(i).of(c[0], c[1]).mul(out.get(i)));
        return y;
    }
}
