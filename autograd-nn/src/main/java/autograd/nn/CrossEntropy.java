package autograd.nn;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

/**
 * How a cross-entropy weighs classes and examples:
 * {@code -(1 - smoothing) weights[label] log p[label] - smoothing / classes sum over c of weights[c] log p[c]}
 * for each example, and 0 for ignored ones. The mean is a weighted one: the sum over that of
 * {@code weights[label]} of the examples that are not ignored, NaN if there are none. Smoothing is that of
 * Szegedy et al., CVPR 2016.
 *
 * @param smoothing
 *            which part of a target is spread evenly over all classes, within 0..1
 * @param weights
 *            a factor for each class, [classes]; null for 1
 * @param ignored
 *            the label of examples that do not count, such as padding; any number, or null for none
 */
@SuppressWarnings("exports") // annotations are not needed to use this module
public record CrossEntropy(double smoothing, @Nullable Tensor weights, @Nullable Integer ignored) {
    /** All alike: no smoothing, no weights, nothing ignored. */
    public static final CrossEntropy DEFAULT = new CrossEntropy(0, null, null);

    /** Checks the ranges. */
    public CrossEntropy {
        if (!(smoothing >= 0 && smoothing <= 1))
            throw new IllegalArgumentException("CrossEntropy: smoothing is " + smoothing + ": it must be within 0..1");
        if (weights != null && weights.shape().rank() != 1)
            throw new IllegalArgumentException(
                    "CrossEntropy: the weights " + weights.shape() + " must be [classes], one for each");
    }

    /** Another smoothing. */
    public CrossEntropy smoothing(double smoothing) {
        return new CrossEntropy(smoothing, weights, ignored);
    }

    /** Other weights. */
    public CrossEntropy weights(Tensor weights) {
        return new CrossEntropy(smoothing, weights, ignored);
    }

    /** Another label to ignore. */
    public CrossEntropy ignored(int ignored) {
        return new CrossEntropy(smoothing, weights, ignored);
    }

    /** The losses of examples, and how much each counts. */
    record Weighted(Tensor losses, Tensor weights) {
        Tensor mean() { return losses.sum().div(weights.sum()); }
    }

    /** The losses of log-probabilities [.., classes] with labels [..]. */
    Weighted of(String loss, Tensor logs, IntTensor labels) {
        int classes = classes(loss, logs);
        if (!labels.shape().equals(logs.shape().reduce(new int[]{logs.shape().rank() - 1}, false)))
            throw new IllegalArgumentException(loss + ": " + logs.shape()
                    + " needs labels of its shape without the last axis, got " + labels.shape());
        Mask kept = ignored == null ? labels.eq(labels) : labels.eq(ignored).not();
        IntTensor known = known(loss, labels, kept, classes);
        Tensor factors = weights == null ? Tensor.ones(logs.dtype(), classes) : weights;
        Tensor each = factors.indexSelect(0, known.reshape(known.size())).reshape(labels.shape()).where(kept, 0);
        Tensor picked = logs.gather(-1, known.reshape(logs.shape().with(logs.shape().rank() - 1, 1).dims()));
        Tensor losses = each.zmul(picked.squeeze(-1).neg());
        if (smoothing > 0) {
            Tensor spread = factors.zmul(logs).sum(-1).where(kept, 0).mul(-smoothing / classes);
            losses = losses.mul(1 - smoothing).add(spread);
        }
        return new Weighted(losses, each);
    }

    /** The losses of log-probabilities with target probabilities, both [.., classes]. */
    Tensor of(String loss, Tensor logs, Tensor targets) {
        int classes = classes(loss, logs);
        if (ignored != null)
            throw new IllegalArgumentException(
                    loss + ": target probabilities have no label " + ignored + " that could be ignored");
        Tensor smooth = smoothing == 0 ? targets : targets.mul(1 - smoothing).add(smoothing / classes);
        Tensor weighted = weights == null ? smooth : smooth.mul(weights);
        return weighted.zmul(logs).sum(-1).neg();
    }

    private int classes(String loss, Tensor logs) {
        Shape s = logs.shape();
        if (s.rank() == 0 || weights != null && weights.size() != s.dim(-1))
            throw new IllegalArgumentException(loss + ": " + s + " must be [.., classes]"
                    + (weights == null ? "" : ", with the weights " + weights.shape() + " one for each class"));
        return s.dim(-1);
    }

    /** The labels, 0 in place of ignored ones, after checking their range. */
    private static IntTensor known(String loss, IntTensor labels, Mask kept, int classes) {
        int[] known = labels.toArray();
        boolean[] counts = kept.toArray();
        for (int i = 0; i < known.length; i++)
            if (!counts[i])
                known[i] = 0;
            else if (known[i] < 0 || known[i] >= classes)
                throw new IndexOutOfBoundsException(loss + ": label " + known[i]
                        + " is out of range and not ignored; the classes are 0.." + (classes - 1));
        return IntTensor.of(known, labels.shape().dims());
    }
}
