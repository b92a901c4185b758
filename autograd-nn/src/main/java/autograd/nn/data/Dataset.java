package autograd.nn.data;

import autograd.array.Rng;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Examples that can be asked for by number, so that they may be shuffled, split and cut into batches.
 *
 * @param <X>
 *            what the inputs are kept in: {@code Tensor}, {@code IntTensor}, {@code Mask}, or a record of
 *            those
 * @param <Y>
 *            what the targets are kept in, of the same kinds
 */
public interface Dataset<X, Y> extends Source<Batch<X, Y>> {
    /**
     * Examples kept in memory. Targets are labels for classification, numbers for regression, several 0 or 1 for
     * multi-label classification, the inputs themselves for autoencoding:
     *
     * {@snippet :
     * record Reviews(IntTensor words, Mask kept) {} // several inputs
     * Dataset<Reviews, Tensor> data = Dataset.of(new Reviews(words, kept), stars);
     * }
     *
     * @param x
     *            the inputs: a tensor, an integer tensor, a mask, or a record of those, each [count, ..]
     * @param y
     *            the targets, of the same kinds and count
     * @return the examples
     */
    static <X, Y> Dataset<X, Y> of(X x, Y y) { return new Examples<>(x, y); }

    /**
     * The number of examples.
     *
     * @return the number
     */
    @Override
    int size();

    /**
     * Some of the examples, as tensors.
     *
     * @param indices
     *            which, each 0 .. size-1
     * @return a batch of that many, in that order
     */
    Batch<X, Y> batch(int... indices);

    /** All examples as one batch. */
    default Batch<X, Y> all() { return batch(IntStream.range(0, size()).toArray()); }

    /** The examples of the given numbers, in that order; they are not copied. */
    default Dataset<X, Y> select(int... indices) {
        Dataset<X, Y> whole = this;
        int[] chosen = indices.clone();
        for (int i : chosen)
            Rows.example(i, size());
        return new Dataset<>() {
            @Override
            public int size() { return chosen.length; }

            @Override
            public Batch<X, Y> batch(int... some) {
                return whole.batch(Arrays.stream(some).map(i -> chosen[Rows.example(i, chosen.length)]).toArray());
            }
        };
    }

    /** The first examples, at most {@code count}, as Keras's {@code take}. */
    default Dataset<X, Y> take(int count) {
        if (count < 0)
            throw new IllegalArgumentException("take: the count is " + count + ", it must not be negative");
        return slice(0, Math.min(count, size()));
    }

    /** The examples after the first {@code count}, as Keras's {@code skip}. */
    default Dataset<X, Y> skip(int count) {
        if (count < 0)
            throw new IllegalArgumentException("skip: the count is " + count + ", it must not be negative");
        return slice(Math.min(count, size()), size());
    }

    /** The examples from {@code begin} (included) to {@code end} (excluded). */
    default Dataset<X, Y> slice(int begin, int end) {
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
    default Split<X, Y> split(double fraction) {
        if (!(fraction >= 0 && fraction <= 1))
            throw new IllegalArgumentException("split: the fraction is " + fraction + ", it must be within 0..1");
        int at = (int) Math.round(fraction * size());
        return new Split<>(slice(0, at), slice(at, size()));
    }

    /** These examples and then others, of the same shape; they are not copied. */
    default Dataset<X, Y> concat(Dataset<X, Y> others) {
        return new Joined<>(this, others);
    }

    /**
     * The same examples, changed when they are taken, for example
     * {@code b -> new Batch<>(scaler.transform(b.x()), b.y())}.
     *
     * @param change
     *            makes of a batch one of as many examples
     * @return the changed examples
     */
    default <U, V> Dataset<U, V> map(Function<Batch<X, Y>, Batch<U, V>> change) {
        Dataset<X, Y> whole = this;
        return new Dataset<>() {
            @Override
            public int size() { return whole.size(); }

            @Override
            public Batch<U, V> batch(int... indices) { return change.apply(whole.batch(indices)); }
        };
    }

    /** The examples in a random order. */
    @Override
    default Dataset<X, Y> shuffle(Rng rng) { return select(rng.permutation(size())); }

    /**
     * The examples in batches, each made when it is asked for; the last one may be smaller.
     *
     * @param size
     *            how many examples a batch has, at least 1
     * @return the batches in order
     */
    @Override
    default Batches<X, Y> batches(int size) {
        if (size < 1)
            throw new IllegalArgumentException("batches: the size is " + size + ", it must be at least 1");
        return new Batches<>(this, size);
    }
}
