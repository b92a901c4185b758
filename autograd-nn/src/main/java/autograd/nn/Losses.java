package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;

import java.util.function.UnaryOperator;

/**
 * What training makes small: the mean over a batch, unless told otherwise by a {@link Reduction}, or a
 * penalty on variables.
 */
public final class Losses {
    /** What becomes of the losses of single examples or elements. */
    public enum Reduction {
        /** Their mean, NaN of none. */
        MEAN(losses -> losses.mean()),
        /** Their sum, 0 of none. */
        SUM(losses -> losses.sum()),
        /** Nothing: they stay as they are. */
        NONE(losses -> losses);

        private final UnaryOperator<Tensor> function;

        Reduction(UnaryOperator<Tensor> function) { this.function = function; }

        Tensor of(Tensor losses) { return function.apply(losses); }
    }

    private static final double LEAST_LOG = -100, LEAST_NORM = 1e-8;

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
     * Cross-entropy of softmax with class labels, for example with {@code CrossEntropy.DEFAULT.smoothing(0.1)}.
     */
    public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels, CrossEntropy how) {
        return how.of("sparseSoftmaxCrossEntropy", logits(logits), labels);
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

    /** Cross-entropy of softmax with target probabilities, smoothed and weighted as told. */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets, CrossEntropy how) {
        same("softmaxCrossEntropy", "logits", logits, "targets", targets);
        return how.of("softmaxCrossEntropy", logits(logits), targets);
    }

    /** Along the last axis; a single number is left for the loss to refuse. */
    private static Tensor logits(Tensor x) {
        return x.shape().rank() == 0 ? x : x.logSoftmax(-1);
    }

    /**
     * Negative log-likelihood: the mean of {@code -logs[label]}. Of {@code logSoftmax} it is the cross-entropy.
     *
     * @param logs
     *            logarithms of probabilities, [.., classes]
     * @param labels
     *            shape [..], each 0 .. classes-1
     * @return a single number
     */
    public static Tensor negativeLogLikelihood(Tensor logs, IntTensor labels) {
        return negativeLogLikelihood(logs, labels, CrossEntropy.DEFAULT);
    }

    /** Negative log-likelihood with classes and examples weighed as told. */
    public static Tensor negativeLogLikelihood(Tensor logs, IntTensor labels, CrossEntropy how) {
        return how.of("negativeLogLikelihood", logs, labels);
    }

    /**
     * Kullback and Leibler's divergence of predictions from targets: the mean over examples of
     * {@code sum(t (log t - logs))}, where {@code 0 log 0} is 0. Annals of Mathematical Statistics, 1951.
     *
     * @param logs
     *            logarithms of the predicted probabilities, [.., classes]
     * @param targets
     *            probabilities, of the same shape
     * @return a single number
     */
    public static Tensor klDivergence(Tensor logs, Tensor targets) {
        return klDivergence(logs, targets, Reduction.MEAN);
    }

    /** Kullback and Leibler's divergence, one for each example before the reduction. */
    public static Tensor klDivergence(Tensor logs, Tensor targets, Reduction reduction) {
        same("klDivergence", "logs", logs, "targets", targets);
        if (logs.shape().rank() == 0)
            throw new IllegalArgumentException(
                    "klDivergence: a single number has no classes, it must be [.., classes]");
        return reduction.of(targets.zmul(targets.log().sub(logs)).sum(-1));
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
        return binaryCrossEntropyWithLogits(logits, targets, Reduction.MEAN);
    }

    /** Binary cross-entropy of sigmoid, one for each element before the reduction. */
    public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Reduction reduction) {
        same("binaryCrossEntropyWithLogits", "logits", logits, "targets", targets);
        return reduction.of(logits.binaryCrossEntropyWithLogits(targets));
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
        return binaryCrossEntropy(probabilities, targets, Reduction.MEAN);
    }

    /** Binary cross-entropy, one for each element before the reduction. */
    public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets, Reduction reduction) {
        same("binaryCrossEntropy", "probabilities", probabilities, "targets", targets);
        if (!probabilities.ge(0).and(probabilities.le(1)).all())
            throw new IllegalArgumentException("binaryCrossEntropy: probabilities of shape " + probabilities.shape()
                    + " are not all within 0..1; for logits use binaryCrossEntropyWithLogits");
        Tensor yes = probabilities.log().clamp(LEAST_LOG, 0);
        Tensor no = probabilities.neg().log1p().clamp(LEAST_LOG, 0);
        return reduction.of(targets.mul(yes).add(targets.neg().add(1).mul(no)).neg());
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
        return meanSquaredError(prediction, target, Reduction.MEAN);
    }

    /** Squared errors, one for each element before the reduction. */
    public static Tensor meanSquaredError(Tensor prediction, Tensor target, Reduction reduction) {
        same("meanSquaredError", "prediction", prediction, "target", target);
        return reduction.of(prediction.sub(target).square());
    }

    /**
     * Mean absolute error: the mean of {@code |prediction - target|}.
     *
     * @param prediction
     *            any shape
     * @param target
     *            of the same shape
     * @return a single number
     */
    public static Tensor meanAbsoluteError(Tensor prediction, Tensor target) {
        return meanAbsoluteError(prediction, target, Reduction.MEAN);
    }

    /** Absolute errors, one for each element before the reduction. */
    public static Tensor meanAbsoluteError(Tensor prediction, Tensor target, Reduction reduction) {
        same("meanAbsoluteError", "prediction", prediction, "target", target);
        return reduction.of(prediction.sub(target).abs());
    }

    /**
     * Huber's loss with delta 1: of the error e the mean of {@code e^2 / 2}, or where |e| is larger than delta of
     * {@code delta (|e| - delta / 2)}. Annals of Mathematical Statistics, 1964.
     *
     * @param prediction
     *            any shape
     * @param target
     *            of the same shape
     * @return a single number
     */
    public static Tensor huber(Tensor prediction, Tensor target) {
        return huber(prediction, target, 1, Reduction.MEAN);
    }

    /** Huber's loss with a given delta, above 0, one for each element before the reduction. */
    public static Tensor huber(Tensor prediction, Tensor target, double delta, Reduction reduction) {
        same("huber", "prediction", prediction, "target", target);
        if (!(delta > 0))
            throw new IllegalArgumentException("huber: delta is " + delta + ": it must be above 0");
        Tensor error = prediction.sub(target), near = error.clamp(-delta, delta); // without |e|, so smooth at 0
        return reduction.of(near.mul(error.sub(near.mul(0.5))));
    }

    /**
     * Cosine of the angle between vectors, along the last axis: {@code a . b / (|a| |b|)}, within -1..1, with
     * norms taken to be at least 1e-8. It is largest where vectors agree, so it is not a loss by itself.
     *
     * @param a
     *            shape [.., width]
     * @param b
     *            of the same shape
     * @return shape [..]
     */
    public static Tensor cosineSimilarity(Tensor a, Tensor b) {
        same("cosineSimilarity", "a", a, "b", b);
        if (a.shape().rank() == 0)
            throw new IllegalArgumentException(
                    "cosineSimilarity: a single number is no vector, it must be [.., width]");
        Tensor cosine = unit(a).mul(unit(b)).sum(-1), rounded = cosine.detach();
        return cosine.sub(rounded.sub(rounded.clamp(-1, 1))); // what rounding adds beyond 1 is a constant
    }

    private static Tensor unit(Tensor x) { return x.div(x.norm(2, true, -1).maximum(LEAST_NORM)); }

    /**
     * Cosine embedding loss: the mean of {@code 1 - cos} for vectors to bring together, of {@code max(0, cos)}
     * for those to keep apart.
     *
     * @param a
     *            shape [.., width]
     * @param b
     *            of the same shape
     * @param targets
     *            shape [..], 1 for vectors to bring together and -1 for those to keep apart
     * @return a single number
     */
    public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor targets) {
        return cosineEmbedding(a, b, targets, 0, Reduction.MEAN);
    }

    /** Cosine embedding loss, {@code max(0, cos - margin)} for vectors to keep apart, before the reduction. */
    public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor targets, double margin, Reduction reduction) {
        Tensor cosine = cosineSimilarity(a, b);
        same("cosineEmbedding", "pairs", cosine, "targets", targets);
        if (!targets.eq(1).or(targets.eq(-1)).all())
            throw new IllegalArgumentException(
                    "cosineEmbedding: targets of shape " + targets.shape() + " must all be 1 or -1");
        return reduction.of(cosine.neg().add(1).where(targets.eq(1), cosine.sub(margin).relu()));
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
    public static Tensor hinge(Tensor scores, Tensor targets) { return hinge(scores, targets, Reduction.MEAN); }

    /** Hinge loss, one for each element before the reduction. */
    public static Tensor hinge(Tensor scores, Tensor targets, Reduction reduction) {
        same("hinge", "scores", scores, "targets", targets);
        return reduction.of(targets.mul(scores).neg().add(1).relu());
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
