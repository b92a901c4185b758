package autograd.nn.data;

import autograd.array.Rng;

import java.util.List;

/**
 * Something that batches are made of, which a {@code Trainer} shuffles anew for each epoch: a
 * {@link Dataset}.
 *
 * @param <B>
 *            what a batch is
 */
public interface Source<B> {
    /** How many examples there are. */
    int size();

    /** The examples in a random order. */
    Source<B> shuffle(Rng rng);

    /** The examples in batches of a size, at least 1; the last one may be smaller. */
    List<B> batches(int size);
}
