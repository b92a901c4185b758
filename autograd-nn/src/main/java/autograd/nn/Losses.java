package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;

/**
 * Losses for training: the mean over a batch. {@link Each} has the same functions with the same arguments,
 * which return the values before the mean. Penalties on variables are in {@link Penalties}.
 */
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
        return Each.sparseSoftmaxCrossEntropy(logits, labels).mean();
    }

    /**
     * Cross-entropy of softmax with class labels, for example with {@code CrossEntropy.DEFAULT.smoothing(0.1)};
     * with weights of classes or an ignored label the weighted mean, see {@link CrossEntropy}.
     */
    public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels, CrossEntropy how) {
        return how.of("sparseSoftmaxCrossEntropy", logSoftmax(logits), labels).mean();
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
        return Each.softmaxCrossEntropy(logits, targets).mean();
    }

    /**
     * Cross-entropy of softmax with target probabilities, smoothed and weighted as told; its mean is a plain one.
     */
    public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets, CrossEntropy how) {
        return Each.softmaxCrossEntropy(logits, targets, how).mean();
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
        return how.of("negativeLogLikelihood", logs, labels).mean();
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
        return Each.klDivergence(logs, targets).mean();
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
        return Each.binaryCrossEntropyWithLogits(logits, targets).mean();
    }

    /**
     * Binary cross-entropy of sigmoid with weighted positives: the mean of
     * {@code -posWeight t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))}. A weight above 1 costs missed positives
     * more; the number of negatives divided by that of positives balances them.
     *
     * @param logits
     *            any shape
     * @param targets
     *            probabilities, of the same shape
     * @param posWeight
     *            not negative; broadcasts to the logits, for example one for each class
     * @return a single number
     */
    public static Tensor weightedBinaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Tensor posWeight) {
        return Each.weightedBinaryCrossEntropyWithLogits(logits, targets, posWeight).mean();
    }

    /** Binary cross-entropy of sigmoid with one weight for all positives. */
    public static Tensor weightedBinaryCrossEntropyWithLogits(Tensor logits, Tensor targets, double posWeight) {
        return Each.weightedBinaryCrossEntropyWithLogits(logits, targets, posWeight).mean();
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
        return Each.binaryCrossEntropy(probabilities, targets).mean();
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
        return Each.meanSquaredError(prediction, target).mean();
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
        return Each.meanAbsoluteError(prediction, target).mean();
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
    public static Tensor huber(Tensor prediction, Tensor target) { return huber(prediction, target, 1); }

    /** Huber's loss with a given delta, above 0. */
    public static Tensor huber(Tensor prediction, Tensor target, double delta) {
        return Each.huber(prediction, target, delta).mean();
    }

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
        return cosineEmbedding(a, b, targets, 0);
    }

    /** Cosine embedding loss, {@code max(0, cos - margin)} for vectors to keep apart. */
    public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor targets, double margin) {
        return Each.cosineEmbedding(a, b, targets, margin).mean();
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
    public static Tensor hinge(Tensor scores, Tensor targets) { return Each.hinge(scores, targets).mean(); }

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
                    "cosineSimilarity: a single number is not a vector, it must be [.., width]");
        return a.cosineSimilarity(b, -1);
    }

    /** Along the last axis; a single number is left for the loss to refuse. */
    private static Tensor logSoftmax(Tensor x) {
        return x.shape().rank() == 0 ? x : x.logSoftmax(-1);
    }

    /** Nothing is broadcast: [n, 1] against [n] would be n^2 errors. */
    private static void same(String loss, String first, Tensor a, String second, Tensor b) {
        if (!a.shape().equals(b.shape()))
            throw new IllegalArgumentException(loss + ": " + first + " " + a.shape() + " and " + second + " "
                    + b.shape() + " must have the same shape");
    }

    /**
     * The losses before the mean, with the same arguments: one for each example where a loss is a sum over
     * classes or a vector, else one for each element. {@code Losses.Each.x(..).mean()} is {@code Losses.x(..)},
     * {@code .sum()} the sum, and {@code .mul(weights).mean()} weighs examples.
     */
    public static final class Each {
        private Each() {}

        /** Cross-entropy of softmax with class labels, shape [..] of logits [.., classes]. */
        public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels) {
            return logits.sparseSoftmaxCrossEntropy(labels);
        }

        /** Cross-entropy of softmax with class labels, each times the weight of its class, 0 where it is ignored. */
        public static Tensor sparseSoftmaxCrossEntropy(Tensor logits, IntTensor labels, CrossEntropy how) {
            return how.of("sparseSoftmaxCrossEntropy", logSoftmax(logits), labels).losses();
        }

        /** Cross-entropy of softmax with target probabilities, shape [..] of logits [.., classes]. */
        public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets) {
            return logits.softmaxCrossEntropy(targets);
        }

        /** Cross-entropy of softmax with target probabilities, smoothed and weighted as told. */
        public static Tensor softmaxCrossEntropy(Tensor logits, Tensor targets, CrossEntropy how) {
            same("softmaxCrossEntropy", "logits", logits, "targets", targets);
            return how.of("softmaxCrossEntropy", logSoftmax(logits), targets);
        }

        /** Negative log-likelihood {@code -logs[label]}, shape [..] of logs [.., classes]. */
        public static Tensor negativeLogLikelihood(Tensor logs, IntTensor labels) {
            return negativeLogLikelihood(logs, labels, CrossEntropy.DEFAULT);
        }

        /** Negative log-likelihood, each times the weight of its class, 0 where it is ignored. */
        public static Tensor negativeLogLikelihood(Tensor logs, IntTensor labels, CrossEntropy how) {
            return how.of("negativeLogLikelihood", logs, labels).losses();
        }

        /** Kullback and Leibler's divergence, shape [..] of logs [.., classes]. */
        public static Tensor klDivergence(Tensor logs, Tensor targets) {
            same("klDivergence", "logs", logs, "targets", targets);
            if (logs.shape().rank() == 0)
                throw new IllegalArgumentException(
                        "klDivergence: a single number has no classes, it must be [.., classes]");
            return targets.zmul(targets.log().sub(logs)).sum(-1);
        }

        /** Binary cross-entropy of sigmoid, of the shape of the logits. */
        public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor targets) {
            same("binaryCrossEntropyWithLogits", "logits", logits, "targets", targets);
            return logits.binaryCrossEntropyWithLogits(targets);
        }

        /** Binary cross-entropy of sigmoid with weighted positives, of the shape of the logits. */
        public static Tensor weightedBinaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Tensor posWeight) {
            same("weightedBinaryCrossEntropyWithLogits", "logits", logits, "targets", targets);
            if (!posWeight.shape().broadcastsTo(logits.shape()) || !posWeight.ge(0).all())
                throw new IllegalArgumentException(
                        "weightedBinaryCrossEntropyWithLogits: posWeight " + posWeight.shape()
                                + " must not be negative, and broadcast to the logits " + logits.shape());
            return targets.mul(posWeight).zmul(logits.neg().softplus())
                    .add(targets.neg().add(1).zmul(logits.softplus()));
        }

        /** Binary cross-entropy of sigmoid with one weight for all positives, of the shape of the logits. */
        public static Tensor weightedBinaryCrossEntropyWithLogits(Tensor logits, Tensor targets, double posWeight) {
            return weightedBinaryCrossEntropyWithLogits(logits, targets, Tensor.scalar(logits.dtype(), posWeight));
        }

        /** Binary cross-entropy of probabilities, of their shape. */
        public static Tensor binaryCrossEntropy(Tensor probabilities, Tensor targets) {
            same("binaryCrossEntropy", "probabilities", probabilities, "targets", targets);
            if (!probabilities.ge(0).and(probabilities.le(1)).all())
                throw new IllegalArgumentException("binaryCrossEntropy: probabilities of shape "
                        + probabilities.shape() + " are not all within 0..1; for logits use "
                        + "binaryCrossEntropyWithLogits");
            Tensor yes = probabilities.log().clamp(LEAST_LOG, 0);
            Tensor no = probabilities.neg().log1p().clamp(LEAST_LOG, 0);
            return targets.mul(yes).add(targets.neg().add(1).mul(no)).neg();
        }

        /** Squared errors, of the shape of the prediction. */
        public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
            same("meanSquaredError", "prediction", prediction, "target", target);
            return prediction.sub(target).square();
        }

        /** Absolute errors, of the shape of the prediction. */
        public static Tensor meanAbsoluteError(Tensor prediction, Tensor target) {
            same("meanAbsoluteError", "prediction", prediction, "target", target);
            return prediction.sub(target).abs();
        }

        /** Huber's loss with delta 1, of the shape of the prediction. */
        public static Tensor huber(Tensor prediction, Tensor target) {
            return huber(prediction, target, 1);
        }

        /** Huber's loss with a given delta, above 0, of the shape of the prediction. */
        public static Tensor huber(Tensor prediction, Tensor target, double delta) {
            same("huber", "prediction", prediction, "target", target);
            if (!(delta > 0))
                throw new IllegalArgumentException("huber: delta is " + delta + ": it must be above 0");
            Tensor error = prediction.sub(target), near = error.clamp(-delta, delta); // without |e|, so smooth at 0
            return near.mul(error.sub(near.mul(0.5)));
        }

        /** Cosine embedding loss, shape [..] of vectors [.., width]. */
        public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor targets) {
            return cosineEmbedding(a, b, targets, 0);
        }

        /** Cosine embedding loss with a margin, shape [..] of vectors [.., width]. */
        public static Tensor cosineEmbedding(Tensor a, Tensor b, Tensor targets, double margin) {
            Tensor cosine = cosineSimilarity(a, b);
            same("cosineEmbedding", "pairs", cosine, "targets", targets);
            if (!targets.eq(1).or(targets.eq(-1)).all())
                throw new IllegalArgumentException(
                        "cosineEmbedding: targets of shape " + targets.shape() + " must all be 1 or -1");
            return cosine.neg().add(1).where(targets.eq(1), cosine.sub(margin).relu());
        }

        /** Hinge loss, of the shape of the scores. */
        public static Tensor hinge(Tensor scores, Tensor targets) {
            same("hinge", "scores", scores, "targets", targets);
            return targets.mul(scores).neg().add(1).relu();
        }
    }
}
