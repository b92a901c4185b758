package autograd.nn;

import autograd.Tensor;

/** The mean of each channel over the whole image: [n, channels, height, width] becomes [n, channels]. */
public record GlobalAvgPool2d() implements Layer {
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() != 4 || Math.min(x.shape().dim(2), x.shape().dim(3)) == 0)
            throw new IllegalArgumentException("GlobalAvgPool2d: the input has shape " + x.shape()
                    + ", it must be [n, channels, height, width] with at least one pixel");
        return x.mean(2, 3);
    }

    @Override
    public String toString() { return Described.of(this, ""); }
}
