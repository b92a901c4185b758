package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;

import java.util.function.UnaryOperator;

/** What training makes small: each a single number, the mean over a batch, or a penalty on variables. */
public final class Losses {
    private static final double LEAST_LOG = -100;

    private Losses() {}

    /**
     * Cross-entropy of softmax with class labels: the mean of {@code -log softmax(logits)[label]}, without
     * overflow.
     *
     * @param logits
     *            shape [.., classes]
     * @param labels
     *            shape [..], each 0 .. classes-1
     * @return a single number
     */
    public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels) {
        return logits.sparseSoftmaxCrossEntropy(labels).mean();
    }

    /**
     * Cross-entropy of softmax with target probabilities, such as one-hot rows: the mean of
     * {@code -sum(target log softmax(logits))}, without overflow.
     *
     * @param logits
     *            shape [.., classes]
     * @param targets
     *            of the same shape
     * @return a single number
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
        return logits.softmaxCrossEntropy(targets).mean();
    }

    /**
     * Binary cross-entropy of sigmoid: the mean of {@code -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))},
     * without overflow.
     *
     * @param logits
     *            any shape
     * @param targets
     *            probabilities, of the same shape
     * @return a single number
     */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
        same("binaryCrossEntropyWithLogits", "logits", logits, "targets", targets);
        return logits.binaryCrossEntropyWithLogits(targets).mean();
    }

    /**
     * Binary cross-entropy: the mean of {@code -t log p - (1 - t) log(1 - p)}, where no logarithm is taken to be
     * less than -100, and where it would be, its derivative is 0. With logits at hand
     * {@link #binaryCrossEntropyWithLogits} is exact.
     *
     * @param probabilities
     *            any shape, each 0 .. 1
     * @param targets
     *            probabilities, of the same shape
     * @return a single number
     */
    public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets) {
        same("binaryCrossEntropy", "probabilities", probabilities, "targets", targets);
        if (!probabilities.ge(0).and(probabilities.le(1)).all())
            throw new IllegalArgumentException("binaryCrossEntropy: probabilities of shape " + probabilities.shape()
                    + " are not all within 0..1; for logits use binaryCrossEntropyWithLogits");
        Tensor yes = probabilities.log().clamp(LEAST_LOG, 0);
        Tensor no = probabilities.neg().log1p().clamp(LEAST_LOG, 0);
        return targets.mul(yes).add(targets.neg().add(1).mul(no)).mean().neg();
    }

    /**
     * Mean squared error: the mean of {@code (prediction - target)^2}.
     *
     * @param prediction
     *            any shape
     * @param target
     *            of the same shape
     * @return a single number
     */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
        same("meanSquaredError", "prediction", prediction, "target", target);
        return prediction.sub(target).square().mean();
    }

    /**
     * Hinge loss, the max-margin loss of support vector machines: the mean of {@code max(0, 1 - t s)}. Cortes and
     * Vapnik, Machine Learning 1995.
     *
     * @param scores
     *            any shape
     * @param targets
     *            -1 or 1, of the same shape
     * @return a single number
     */
    public static Tensor hinge(Tensor scores, Tensor targets) {
        same("hinge", "scores", scores, "targets", targets);
        return targets.mul(scores).neg().add(1).relu().mean();
    }

    /**
     * L1 penalty: the sum of {@code |w|}, to be scaled and added to a loss.
     *
     * @param variables
     *            at least one, of one dtype
     * @return a single number
     */
    public static Tensor l1(Iterable<Variable> variables) { return total("l1", variables, w -> w.abs().sum()); }

    /**
     * L2 penalty: the sum of {@code w^2}, to be scaled and added to a loss.
     *
     * @param variables
     *            at least one, of one dtype
     * @return a single number
     */
    public static Tensor l2(Iterable<Variable> variables) { return total("l2", variables, w -> w.square().sum()); }

    private static Tensor total(String name, Iterable<Variable> variables, UnaryOperator<Tensor> penalty) {
        var all = variables.iterator();
        if (!all.hasNext())
            throw new IllegalArgumentException(name + ": there are no variables");
        Tensor sum = penalty.apply(all.next());
        while (all.hasNext())
            sum = sum.add(penalty.apply(all.next()));
        return sum;
    }

    /** Nothing is broadcast: [n, 1] against [n] would be n^2 errors. */
    private static void same(String loss, String first, Tensor a, String second, Tensor b) {
        if (!a.shape().equals(b.shape()))
            throw new IllegalArgumentException(loss + ": " + first + " " + a.shape() + " and " + second + " "
                    + b.shape() + " must have the same shape");
    }
}
