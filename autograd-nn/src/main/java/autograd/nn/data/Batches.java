package autograd.nn.data;

import autograd.array.Rng;

import java.util.AbstractList;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The examples of a data set in batches, each made when it is asked for:
 * {@code data.shuffle(rng.derive(epoch)).batches(32).dropLast().prefetch(2)}.
 *
 * @param <X>
 *            the type of the inputs
 * @param <Y>
 *            the type of the targets
 */
public final class Batches<X, Y> extends AbstractList<Batch<X, Y>> {
    private final Dataset<X, Y> data;
    private final int batchSize, count, ahead;
    private final BiFunction<Batch<X, Y>, Integer, Batch<X, Y>> change;

    Batches(Dataset<X, Y> data, int batchSize) {
        this(data, batchSize, Math.ceilDiv(data.size(), batchSize), (batch, _) -> batch, 0);
    }

    private Batches(Dataset<X, Y> data, int batchSize, int count, BiFunction<Batch<X, Y>, Integer, Batch<X, Y>> change,
            int ahead) {
        this.data = data;
        this.batchSize = batchSize;
        this.count = count;
        this.change = change;
        this.ahead = ahead;
    }

    /** The batches that are full: without the last one if it is smaller than the others. */
    public Batches<X, Y> dropLast() {
        return new Batches<>(data, batchSize, Math.min(count, data.size() / batchSize), change, ahead);
    }

    /**
     * The batches changed at random, for example images that are shifted. What happens to a batch depends on the
     * generator's key and the number of the batch alone: not on the order or the thread they are made in.
     *
     * @param rng
     *            for example {@code rng.derive(epoch)}, so that every epoch has its own changes; nothing is drawn
     *            from it
     * @param change
     *            given a batch and a generator of its own; it may be called on the thread of {@link #prefetch}
     * @return the changed batches
     */
    public Batches<X, Y> map(Rng rng, BiFunction<Batch<X, Y>, Rng, Batch<X, Y>> change) {
        return new Batches<>(data, batchSize, count,
                (batch, index) -> change.apply(this.change.apply(batch, index), rng.derive(index)), ahead);
    }

    /**
     * The same batches in the same order, those to come made on a background thread while a loop is busy with
     * one. The thread lives as long as a loop has something to come; one that is left early needs no closing. An
     * exception while a batch is made is thrown when the loop requests that batch.
     *
     * @param ahead
     *            how many are kept ready at most, at least 1
     * @return the batches; only walking through them is different
     */
    public Batches<X, Y> prefetch(int ahead) {
        if (ahead < 1)
            throw new IllegalArgumentException("prefetch: " + ahead + " batches ahead, there must be at least 1");
        return new Batches<>(data, batchSize, count, change, ahead);
    }

    @Override
    public int size() { return count; }

    @Override
    public Batch<X, Y> get(int index) {
        int begin = Objects.checkIndex(index, count) * batchSize;
        int[] which = IntStream.range(begin, begin + Math.min(batchSize, data.size() - begin)).toArray();
        return change.apply(data.batch(which), index);
    }

    @Override
    public Iterator<Batch<X, Y>> iterator() {
        return ahead == 0 ? super.iterator() : new Prefetch<>(this::get, count, ahead);
    }
}
