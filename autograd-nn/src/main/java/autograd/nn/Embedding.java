package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * A vector for each number of a vocabulary: rows of a matrix, looked up. Bengio et al., JMLR 2003.
 *
 * @param weight
 *            shape [count, width], a row for each number
 */
public record Embedding(Variable weight) implements Trainable {
    /** Checks the shape. */
    public Embedding {
        if (weight.shape().rank() != 2)
            throw new IllegalArgumentException("Embedding: the weight " + weight.shape() + " must be [count, width]");
    }

    /** Vectors of F32 from the standard normal distribution. */
    public static Embedding of(Rng rng, int count, int width) {
        return of(DType.F32, rng, count, width, Init.normal(1));
    }

    /** Vectors of a dtype with given initial values. */
    public static Embedding of(DType dtype, Rng rng, int count, int width, Init init) {
        return new Embedding(new Variable("weight", init.draw(dtype, rng, count, width)));
    }

    /**
     * The vectors of numbers.
     *
     * @param indices
     *            any shape [..], each 0 .. count-1
     * @return shape [.., width]
     */
    public Tensor forward(IntTensor indices) {
        int count = weight.shape().dim(0), width = weight.shape().dim(1);
        for (int i : indices.toArray())
            if (i < 0 || i >= count)
                throw new IndexOutOfBoundsException("Embedding: " + i + " has no vector, there are 0.." + (count - 1));
        Shape shape = indices.shape().append("Embedding", width);
        return weight.indexSelect(0, indices.reshape(indices.size())).reshape(shape);
    }
}
