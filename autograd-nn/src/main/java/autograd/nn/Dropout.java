package autograd.nn;

import autograd.Mask;
import autograd.Tensor;

/**
 * Sets elements to 0 at random in training, and divides the others by 1 - p, so that the mean stays; in
 * evaluation it changes nothing. Srivastava et al., JMLR 2014.
 *
 * @param p
 *            the probability that an element is dropped, at least 0 and below 1
 */
public record Dropout(double p) implements Layer {
    /** Checks the range. */
    public Dropout {
        if (!(p >= 0 && p < 1))
            throw new IllegalArgumentException("Dropout: p is " + p + ": it must be at least 0 and below 1");
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (p == 0 || !pass.isTraining())
            return x;
        Mask kept = Tensor.rand(x.dtype(), pass.rng(), x.shape().dims()).ge(p);
        return x.where(kept, 0).div(1 - p);
    }

    @Override
    public String toString() { return Described.of(this, p); }
}
