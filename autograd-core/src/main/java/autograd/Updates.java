package autograd;

import autograd.kernels.IntrinsicStep;

/**
 * The rules of known optimizers, for one element w with gradient g. As records they can be told apart, so
 * that kernels may have loops of their own for them.
 */
public final class Updates {
    private Updates() {}

    /** Gradient descent: with d = g + decay w, w becomes w - rate d. */
    public record Sgd(double rate, double decay) implements Variable.Update, IntrinsicStep.Sgd {
        @Override
        public void step(double[] s, double g) { s[0] -= rate * (g + decay * s[0]); }
    }

    /**
     * Gradient descent with momentum: with d = g + decay w, b becomes momentum b + d, then w becomes w - rate b,
     * or after Nesterov w - rate (d + momentum b). Sutskever et al., ICML 2013. Slot: b.
     */
    public record Momentum(double rate, double decay, double momentum,
            boolean nesterov) implements Variable.Update, IntrinsicStep.Momentum {
        @Override
        public void step(double[] s, double g) {
            double d = g + decay * s[0];
            s[1] = momentum * s[1] + d;
            s[0] -= rate * (nesterov ? d + momentum * s[1] : s[1]);
        }
    }

    /**
     * Adam: with d = g + decay w, m becomes beta1 m + (1 - beta1) d and v becomes beta2 v + (1 - beta2) d^2; then
     * w becomes w - shrink w - rate m / (sqrt(v) / root + epsilon). Rate and root hold the corrections of step t:
     * see {@link #at}. Kingma and Ba, ICLR 2015. Slots: m, v.
     */
    public record Adam(double rate, double decay, double beta1, double beta2, double epsilon, double root,
            double shrink) implements Variable.Update, IntrinsicStep.Adam {
        /**
         * The rule of step t: rate = learningRate / (1 - beta1^t), root = sqrt(1 - beta2^t).
         *
         * @param t
         *            the number of the step, from 1
         * @param learningRate
         *            how far a step goes, about
         * @param beta1
         *            how slowly m forgets
         * @param beta2
         *            how slowly v forgets
         * @param epsilon
         *            against division by 0
         * @param decay
         *            an L2 penalty: part of the gradient
         * @param decoupled
         *            weight decay apart from the gradient, as in AdamW: Loshchilov and Hutter, ICLR 2019
         */
        public static Updates.Adam at(long t, double learningRate, double beta1, double beta2, double epsilon,
                double decay,
                double decoupled) {
            return new Updates.Adam(learningRate / (1 - Math.pow(beta1, t)), decay, beta1, beta2, epsilon,
                    Math.sqrt(1 - Math.pow(beta2, t)), learningRate * decoupled);
        }

        @Override
        public void step(double[] s, double g) {
            double d = g + decay * s[0];
            s[1] = beta1 * s[1] + (1 - beta1) * d;
            s[2] = beta2 * s[2] + (1 - beta2) * d * d;
            s[0] -= shrink * s[0] + rate * s[1] / (Math.sqrt(s[2]) / root + epsilon);
        }
    }

    /**
     * RMSprop: with d = g + decay w, v becomes alpha v + (1 - alpha) d^2, then w becomes w - rate d / (sqrt(v) +
     * epsilon). Hinton, 2012. Slot: v.
     */
    public record RmsProp(double rate, double decay, double alpha,
            double epsilon) implements Variable.Update, IntrinsicStep.RmsProp {
        @Override
        public void step(double[] s, double g) {
            double d = g + decay * s[0];
            s[1] = alpha * s[1] + (1 - alpha) * d * d;
            s[0] -= rate * d / (Math.sqrt(s[1]) + epsilon);
        }
    }

    /**
     * RMSprop by the variance: besides, m becomes alpha m + (1 - alpha) d, and v - m^2 stands for v. Graves,
     * 2013. Slots: v, m.
     */
    public record CenteredRmsProp(double rate, double decay, double alpha,
            double epsilon) implements Variable.Update, IntrinsicStep.CenteredRmsProp {
        @Override
        public void step(double[] s, double g) {
            double d = g + decay * s[0];
            s[1] = alpha * s[1] + (1 - alpha) * d * d;
            s[2] = alpha * s[2] + (1 - alpha) * d;
            s[0] -= rate * d / (Math.sqrt(Math.max(0, s[1] - s[2] * s[2])) + epsilon);
        }
    }
}
