package autograd.nn.distribution;

import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

/**
 * Normal distributions: the density at x is {@code e^(-z^2 / 2) / (std sqrt(2 pi))} of z = (x - mean) / std.
 *
 * @param mean
 *            the means
 * @param std
 *            the standard deviations, positive; of a shape that broadcasts with that of the means, and of
 *            their dtype
 */
public record Normal(Tensor mean, Tensor std) implements Distribution<Tensor> {
    private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

    /** Checks the parameters. */
    public Normal {
        if (mean.dtype() != std.dtype())
            throw new IllegalArgumentException("Normal: the mean is " + mean.dtype() + ", the standard deviation "
                    + std.dtype() + "; convert one with to(DType)");
        Shape.broadcast("Normal", mean.shape(), std.shape());
        if (!std.gt(0).all())
            throw new IllegalArgumentException(
                    "Normal: a standard deviation is not positive; compute it from any number "
                            + "by exp() or softplus()");
    }

    @Override
    public Shape shape() { return Shape.broadcast("Normal", mean.shape(), std.shape()); }

    @Override
    public Tensor sample(Rng rng) { return rsample(rng).detach(); }

    /**
     * Draws {@code mean + std e} of a standard normal e, differentiable by both parameters. Kingma and Welling,
     * "Auto-Encoding Variational Bayes", ICLR 2014.
     *
     * @param rng
     *            the generator
     * @return a draw
     */
    public Tensor rsample(Rng rng) { return Tensor.randn(mean.dtype(), rng, shape().dims()).mul(std).add(mean); }

    @Override
    public Tensor logProb(Tensor value) {
        return value.sub(mean).div(std).square().mul(-0.5).sub(std.log()).sub(HALF_LOG_TWO_PI);
    }

    @Override
    public Tensor entropy() { return std.log().add(0.5 + HALF_LOG_TWO_PI).broadcastTo(shape()); }

    @Override
    public Tensor kl(Distribution<Tensor> other) {
        Normal q = switch (other) {
            case Normal normal -> normal;
        };
        Tensor ratio = std.div(q.std), apart = mean.sub(q.mean).div(q.std);
        return ratio.square().add(apart.square()).sub(1).mul(0.5).sub(ratio.log());
    }
}
