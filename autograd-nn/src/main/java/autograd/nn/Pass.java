package autograd.nn;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.array.Rng;

import org.jspecify.annotations.Nullable;

import java.util.stream.Stream;

/** How a model runs: evaluation, or training with the randomness that dropout and the like draw from. */
public final class Pass {
    /** Evaluation: nothing is dropped, statistics are used and not updated. */
    public static final Pass EVAL = new Pass(null, null);

    private final @Nullable Rng rng;
    private final @Nullable Unsaid unsaid;

    /** A model that was called without a pass, and its inputs. */
    private record Unsaid(Trainable model, Tensor... inputs) {
        /** Whether a gradient through this call could be asked for. */
        boolean isTracked() {
            return GradientTape.isRecording() && (Stream.of(inputs).anyMatch(GradientTape::tracks)
                    || !model.variables().isEmpty());
        }
    }

    private Pass(@Nullable Rng rng, @Nullable Unsaid unsaid) {
        this.rng = rng;
        this.unsaid = unsaid;
    }

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
        return new Pass(rng, null);
    }

    /**
     * Evaluation that nobody asked for: {@code forward(x)} without a pass. {@link #isTraining} is an error if a
     * tape records the call.
     */
    static Pass unsaid(Trainable model, Tensor... inputs) { return new Pass(null, new Unsaid(model, inputs)); }

    /**
     * Whether this is training. A layer asks this if it acts differently then, and only then: if no pass was
     * given and a tape records the call, that is an IllegalStateException that says what to write.
     *
     * @return false for {@link #EVAL}
     */
    public boolean isTraining() {
        if (unsaid != null && unsaid.isTracked())
            throw new IllegalStateException(unsaid.model.getClass().getSimpleName()
                    + ".forward(..) without a pass means evaluation, but a tape records it and " + asking()
                    + " acts differently in training. Write model.forward(x, pass) with the pass of "
                    + "optimizer.minimize(model, rng, pass -> loss) or with Pass.training(rng); "
                    + "Pass.EVAL if evaluation is meant");
        return rng != null;
    }

    /** The name of the layer that asks. */
    private static String asking() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(c -> c != Pass.class).findFirst())
                .map(Class::getSimpleName).orElse("a layer");
    }

    /**
     * The generator of random layers.
     *
     * @return the generator; an error in evaluation
     */
    public Rng rng() {
        if (rng == null)
            throw new IllegalStateException("evaluation draws no random numbers: use Pass.training(rng)");
        return rng;
    }
}
