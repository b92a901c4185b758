package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Examples that can be asked for by number, so that they may be shuffled, split and cut into batches. */
public interface Dataset {
    /** Examples kept in tensors, [count, ..] with labels [count, ..]. */
    static Dataset of(Tensor x, IntTensor y) {
        return new Examples(x, y);
    }

    /**
     * How many examples there are.
     *
     * @return the number
     */
    int size();

    /**
     * Some of the examples, as tensors.
     *
     * @param indices
     *            which, each 0 .. size-1
     * @return a batch of that many, in that order
     */
    Batch take(int... indices);

    /** All examples as one batch. */
    default Batch all() { return take(IntStream.range(0, size()).toArray()); }

    /** The examples of the given numbers, in that order; they are not copied. */
    default Dataset select(int... indices) {
        Dataset whole = this;
        int[] chosen = indices.clone();
        for (int i : chosen)
            if (i < 0 || i >= size())
                throw new IndexOutOfBoundsException("select: no example " + i + " of " + size());
        return new Dataset() {
            @Override
            public int size() { return chosen.length; }

            @Override
            public Batch take(int... some) { return whole.take(Arrays.stream(some).map(i -> chosen[i]).toArray()); }
        };
    }

    /** The examples from {@code begin} (included) to {@code end} (excluded). */
    default Dataset slice(int begin, int end) {
        if (begin < 0 || begin > end || end > size())
            throw new IndexOutOfBoundsException("slice: " + begin + ".." + end + " is not within 0.." + size());
        return select(IntStream.range(begin, end).toArray());
    }

    /**
     * The first examples to learn from and the rest to be tested on; {@code shuffle(rng).split(0.8)} draws them.
     *
     * @param fraction
     *            how many are to learn from, 0 .. 1
     * @return the two parts
     */
    default Split split(double fraction) {
        if (!(fraction >= 0 && fraction <= 1))
            throw new IllegalArgumentException("split: the fraction is " + fraction + ", it must be within 0..1");
        int at = (int) Math.round(fraction * size());
        return new Split(slice(0, at), slice(at, size()));
    }

    /** These examples and then others, of the same shape; they are not copied. */
    default Dataset concat(Dataset others) {
        return new Joined(this, others);
    }

    /**
     * The same examples, changed when they are taken, for example
     * {@code b -> new Batch(scaler.transform(b.x()), b.y())}.
     *
     * @param change
     *            makes of a batch one of as many examples
     * @return the changed examples
     */
    default Dataset map(UnaryOperator<Batch> change) {
        Dataset whole = this;
        return new Dataset() {
            @Override
            public int size() { return whole.size(); }

            @Override
            public Batch take(int... indices) { return change.apply(whole.take(indices)); }
        };
    }

    /** The examples in a random order. */
    default Dataset shuffle(Rng rng) { return select(rng.permutation(size())); }

    /**
     * The examples in batches, each made when it is asked for; the last one may be smaller.
     *
     * @param size
     *            how many examples a batch has, at least 1
     * @return the batches in order
     */
    default Batches batches(int size) {
        if (size < 1)
            throw new IllegalArgumentException("batches: the size is " + size + ", it must be at least 1");
        return new Batches(this, size);
    }
}
