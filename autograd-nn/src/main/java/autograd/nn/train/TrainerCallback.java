package autograd.nn.train;

import autograd.Tensor;

import java.util.Map;

/**
 * A listener of training, for example {@code (_, epoch) -> plateau.observe(epoch.watched())}. The trainer
 * calls callbacks in their order, on the thread that trains.
 */
@FunctionalInterface
public interface TrainerCallback {
    /**
     * Called after each epoch.
     *
     * @param trainer
     *            the trainer, which a callback may {@link Trainer#stop() stop}
     * @param epoch
     *            the results of the epoch
     */
    void epoch(Trainer<?> trainer, Epoch epoch);

    /** Called when training begins or resumes. */
    default void begin(Trainer<?> trainer) {}

    /** Called after each step; the loss is that before the step. */
    default void step(Trainer<?> trainer, double loss) {}

    /**
     * Called after all callbacks have handled an epoch, or after a stop within an epoch: the time to save
     * checkpoints.
     */
    default void checkpoint(Trainer<?> trainer) {}

    /** Called when training ends, even by an exception; not called if it could not begin. */
    default void end(Trainer<?> trainer) {}

    /** The state that the trainer saves for this callback, by name. */
    default Map<String, Tensor> state() {
        return Map.of();
    }

    /** Restores the result of {@link #state}; called after {@link #begin}. */
    default void restore(Trainer<?> trainer, Map<String, Tensor> state) {}
}
