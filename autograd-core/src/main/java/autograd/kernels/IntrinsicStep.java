package autograd.kernels;

/**
 * An optimizer's step that kernels may take by a loop of their own, with the numbers that the loop reads. The
 * method {@link #step} stays the definition. In all of them {@code d = g + decay w}.
 */
public interface IntrinsicStep extends Kernels.Step {
    double rate();

    double decay();

    /** {@code w -= rate d}. */
    interface Sgd extends IntrinsicStep {}

    /** {@code b = momentum b + d; w -= rate (nesterov ? d + momentum b : b)}. Slot: b. */
    interface Momentum extends IntrinsicStep {
        double momentum();

        boolean nesterov();
    }

    /**
     * {@code m = beta1 m + (1 - beta1) d; v = beta2 v + (1 - beta2) d^2; w -= shrink w + rate m / (sqrt(v) / root +
     * epsilon)}. Slots: m, v.
     */
    interface Adam extends IntrinsicStep {
        double beta1();

        double beta2();

        double epsilon();

        double root();

        double shrink();
    }

    /** {@code v = alpha v + (1 - alpha) d^2; w -= rate d / (sqrt(v) + epsilon)}. Slot: v. */
    interface RmsProp extends IntrinsicStep {
        double alpha();

        double epsilon();
    }

    /**
     * As {@link RmsProp}, with {@code v - m^2} in place of v, where {@code m = alpha m + (1 - alpha) d}. Slots:
     * v, m.
     */
    interface CenteredRmsProp extends RmsProp {}
}
