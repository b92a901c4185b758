package autograd.nn;

import autograd.array.Rng;

import org.jspecify.annotations.Nullable;

/** How a model runs: evaluation, or training with the randomness that dropout and the like draw from. */
public final class Pass {
    /** Evaluation: nothing is dropped, statistics are used and not updated. */
    public static final Pass EVAL = new Pass(null);

    private final @Nullable Rng rng;

    private Pass(@Nullable Rng rng) { this.rng = rng; }

    /**
     * Training.
     *
     * @param rng
     *            what random layers draw from
     * @return a training pass
     */
    public static Pass training(Rng rng) {
        if (rng == null)
            throw new IllegalArgumentException("Pass.training: the generator is null; evaluation is Pass.EVAL");
        return new Pass(rng);
    }

    /**
     * Whether this is training.
     *
     * @return false for {@link #EVAL}
     */
    public boolean isTraining() { return rng != null; }

    /**
     * What random layers draw from.
     *
     * @return the generator; an error in evaluation
     */
    public Rng rng() {
        if (rng == null)
            throw new IllegalStateException("evaluation draws no random numbers: use Pass.training(rng)");
        return rng;
    }
}
