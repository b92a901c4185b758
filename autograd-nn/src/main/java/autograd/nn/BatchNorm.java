package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Batch normalization of each channel: {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}.
 * Training takes mean and variance of the batch and moves the running ones towards them; evaluation takes the
 * running ones. Ioffe and Szegedy, ICML 2015.
 *
 * @param weight
 *            shape [channels]
 * @param bias
 *            shape [channels]
 * @param runningMean
 *            shape [channels], not trainable
 * @param runningVariance
 *            shape [channels], not trainable; of the unbiased variances of batches
 * @param momentum
 *            how far the running ones move in a training pass: {@code r' = (1 - momentum) r + momentum batch}
 * @param epsilon
 *            against division by 0, above 0
 */
public record BatchNorm(Variable weight, Variable bias, Variable runningMean, Variable runningVariance, double momentum,
        double epsilon) implements Layer {
    private static final double MOMENTUM = 0.1, EPSILON = 1e-5;

    /** Checks that the shapes fit. */
    public BatchNorm {
        Shape w = weight.shape();
        if (w.rank() != 1 || !Stream.of(bias, runningMean, runningVariance).allMatch(v -> v.shape().equals(w)))
            throw new IllegalArgumentException("BatchNorm: weight " + w + ", bias " + bias.shape() + ", running mean "
                    + runningMean.shape() + " and variance " + runningVariance.shape() + " must all be [channels]");
        if (!(momentum >= 0 && momentum <= 1 && epsilon > 0))
            throw new IllegalArgumentException("BatchNorm: momentum " + momentum
                    + " must be within 0..1, and epsilon " + epsilon + " above 0");
    }

    /** A layer of F32 with weights 1, bias 0, momentum 0.1 and epsilon 1e-5. */
    public static BatchNorm of(int channels) {
        return of(DType.F32, channels);
    }

    /** A layer of a dtype with weights 1, bias 0, momentum 0.1 and epsilon 1e-5. */
    public static BatchNorm of(DType dtype, int channels) {
        Tensor zeros = Tensor.zeros(dtype, channels), ones = Tensor.ones(dtype, channels);
        return new BatchNorm(new Variable("weight", ones), new Variable("bias", zeros),
                new Variable("runningMean", zeros, false), new Variable("runningVariance", ones, false), MOMENTUM,
                EPSILON);
    }

    /** Batches [n, channels, ..] keep their shape. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape s = x.shape();
        if (s.rank() < 2 || s.dim(1) != weight.size())
            throw new IllegalArgumentException(
                    "BatchNorm: the input has shape " + s + ", it must be [n, " + weight.size() + ", ..]");
        if (!pass.isTraining())
            return x.sub(Channels.along(runningMean, s.rank()))
                    .div(Channels.along(runningVariance, s.rank()).add(epsilon).sqrt())
                    .mul(Channels.along(weight, s.rank())).add(Channels.along(bias, s.rank()));
        if (s.size() / Math.max(1, weight.size()) < 2)
            throw new IllegalArgumentException("BatchNorm: the input has shape " + s
                    + ", training needs more than one value for each channel to have a variance");
        learn(x.detach());
        return x.batchNorm(weight, bias, epsilon);
    }

    private void learn(Tensor x) {
        int[] others = new int[x.shape().rank() - 1];
        Arrays.setAll(others, i -> i == 0 ? 0 : i + 1);
        Tensor mean = x.mean(true, others);
        // as x.variance(1, false, others), with the mean at hand
        double freedom = (double) x.size() / weight.size() - 1;
        move(runningMean, mean.reshape(weight.shape()));
        move(runningVariance, x.sub(mean).square().sum(others).div(freedom));
    }

    private void move(Variable running, Tensor batch) {
        running.assign(running.mul(1 - momentum).add(batch.mul(momentum)));
    }

    @Override
    public String toString() { return Described.of(this, weight.size()); }
}
