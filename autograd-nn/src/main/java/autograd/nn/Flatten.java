package autograd.nn;

import autograd.Tensor;

/** Each example in one row: [n, ..] becomes [n, size], for example between convolutions and dense layers. */
public record Flatten() implements Layer {
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        if (x.shape().rank() == 0)
            throw new IllegalArgumentException("Flatten: the input is a single number, it must be a batch [n, ..]");
        int size = 1;
        for (int axis = 1; axis < x.shape().rank(); axis++)
            size *= x.shape().dim(axis);
        return x.reshape(x.shape().dim(0), size);
    }

    @Override
    public String toString() { return Described.of(this, ""); }
}
