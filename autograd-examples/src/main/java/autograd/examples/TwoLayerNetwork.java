package autograd.examples;

import module autograd.nn;

import java.util.List;
import java.util.Locale;

/**
 * A network of two layers, step by step, as in parts 2 to 4 of the coding guide: forward, the loss, backward,
 * and a step. This has 24 lines of code, because the tape does backward.
 */
class TwoLayerNetwork {
    void main() {
        var rng = new Rng(42);
        Tensor X = Tensor.randn(rng, 5, 4);
        Tensor Y = IntTensor.of(0, 1, 2, 1, 0).oneHot(DType.F32, 3);
        Dense first = Dense.of(rng, 4, 8, Init.heNormal()), second = Dense.of(rng, 8, 3, Init.heNormal());
        var weights = List.of(first.weight(), first.bias(), second.weight(), second.bias());

        for (int step = 0; step <= 1; step++)
            try (var tape = new GradientTape()) {
                Tensor A1 = first.forward(X).relu(), A2 = second.forward(A1).softmax(1);
                Tensor loss = Y.mul(A2.log()).sum(1).mean().neg();
                Gradients gradients = tape.gradient(loss, weights);
                if (step == 0) {
                    System.out.println("X " + X.shape() + ", A1 " + A1.shape() + ", A2 " + A2.shape());
                    for (double sum : A2.sum(1).toDoubleArray())
                        System.out.printf(Locale.ROOT, "probabilities sum to %.6f%n", sum);
                    for (Variable w : weights)
                        System.out.println(w.name() + " " + w.shape() + ", its gradient " + gradients.of(w).shape());
                }
                System.out.printf(Locale.ROOT, "loss %.4f%n", loss.item());
                new Sgd(0.1).apply(gradients);
            }
    }
}
