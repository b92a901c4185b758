package autograd.spark;

import java.io.Serializable;

/**
 * Which of its examples each shard takes in a step.
 *
 * @param examples
 *            in all shards
 * @param shards
 *            the number of shards
 * @param batch
 *            examples in a step, all shards together
 * @param even
 *            whether the steps of an epoch are alike; if not, the last one is smaller if need be
 */
record Plan(long examples, int shards, int batch, boolean even)
        implements
            Serializable {
    /** How many steps an epoch has. */
    int steps() { return Math.toIntExact((examples + batch - 1) / batch); }

    /**
     * How many examples a shard of a size has used before a step: its share, rounded down at other places in
     * every shard, so that together they use one batch after the other.
     */
    int used(int shard, int size, int step) {
        long all = even ? examples * step / steps() : Math.min((long) step * batch, examples);
        return Math.toIntExact((size * all + shard * examples / shards) / examples);
    }
}
