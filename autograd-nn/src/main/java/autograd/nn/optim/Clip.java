package autograd.nn.optim;

import autograd.Tensor;

import java.util.List;

/** How gradients that are too large are made smaller before a step: {@code optimizer.clip(Clip.norm(1))}. */
@FunctionalInterface
public interface Clip {
    /**
     * The gradients to follow instead.
     *
     * @param gradients
     *            the gradients of all variables in one step
     * @return as many, of the same shapes
     */
    List<Tensor> apply(List<Tensor> gradients);

    /**
     * Scales all gradients alike, so that the Euclidean norm of all their elements together is at most a number.
     * Pascanu, Mikolov and Bengio, ICML 2013.
     *
     * @param max
     *            not negative
     * @return the rule
     */
    static Clip norm(double max) {
        Optimizer.notNegative("the largest norm", max);
        return gradients -> {
            double norm = gradients.stream().mapToDouble(g -> g.norm(2).item()).reduce(0, Math::hypot);
            double scale = Math.min(1, max / (norm + 1e-6)); // as PyTorch does
            return scale == 1 ? gradients : gradients.stream().map(g -> g.mul(scale)).toList();
        };
    }

    /**
     * Brings every element into [-max, max].
     *
     * @param max
     *            not negative
     * @return the rule
     */
    static Clip value(double max) {
        Optimizer.notNegative("the largest value", max);
        return gradients -> gradients.stream().map(g -> g.clamp(-max, max)).toList();
    }
}
