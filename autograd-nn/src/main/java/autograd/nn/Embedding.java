package autograd.nn;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import java.util.stream.IntStream;

/**
 * A vector for each number of a vocabulary: rows of a matrix, looked up. Bengio et al., JMLR 2003.
 *
 * @param weight
 *            shape [count, width], a row for each number
 * @param padding
 *            the number that stands for padding, whose vector gets no gradient; -1 for none
 */
public record Embedding(Variable weight, int padding) implements Trainable {
    /** Checks the shape. */
    public Embedding {
        if (weight.shape().rank() != 2)
            throw new IllegalArgumentException("Embedding: the weight " + weight.shape() + " must be [count, width]");
        if (padding < -1 || padding >= weight.shape().dim(0))
            throw new IllegalArgumentException("Embedding: padding " + padding + " must be 0.."
                    + (weight.shape().dim(0) - 1) + ", or -1 for none");
    }

    /** Vectors for all numbers, none of which stands for padding. */
    public Embedding(Variable weight) {
        this(weight, -1);
    }

    /** The same vectors, but that of a number that stands for padding is made 0, and stays so in training. */
    public Embedding padding(int index) {
        var padded = new Embedding(weight, index);
        if (index >= 0)
            weight.assign(weight.where(IntTensor.of(IntStream.range(0, weight.shape().dim(0)).toArray())
                    .ne(index).reshape(-1, 1), 0));
        return padded;
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
        Tensor y = weight.indexSelect(0, indices.reshape(indices.size())).reshape(shape);
        return padding < 0
                ? y
                : y.where(indices.ne(padding).reshape(shape.with(shape.rank() - 1, 1).dims()), y.detach());
    }

    @Override
    public String toString() {
        return Described.of(this, weight.shape().dim(0) + " -> " + weight.shape().dim(1),
                padding < 0 ? "" : "padding " + padding);
    }
}
