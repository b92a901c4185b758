package autograd.nn.train;

import autograd.Tensor;

import java.util.Map;

/**
 * Something that is told how training goes, for example
 * {@code (_, epoch) -> plateau.observe(epoch.watched())}. Callbacks are told in the order they were given, on
 * the thread that trains.
 */
@FunctionalInterface
public interface TrainerCallback {
    /**
     * An epoch is over.
     *
     * @param trainer
     *            which may be asked to {@link Trainer#stop() stop}
     * @param epoch
     *            how it went
     */
    void epoch(Trainer<?> trainer, Epoch epoch);

    /** Training begins, or goes on. */
    default void begin(Trainer<?> trainer) {}

    /** A step was taken; the loss is that before it. */
    default void step(Trainer<?> trainer, double loss) {}

    /**
     * All callbacks know of an epoch, or training was stopped within one: the time to save what is to go on
     * later.
     */
    default void checkpoint(Trainer<?> trainer) {}

    /** Training is over, also if it failed; not called if it could not begin. */
    default void end(Trainer<?> trainer) {}

    /** What the trainer saves for this callback, by name. */
    default Map<String, Tensor> state() { return Map.of(); }

    /** Goes on from what {@link #state} gave; called after {@link #begin}. */
    default void restore(Trainer<?> trainer, Map<String, Tensor> state) {}
}
