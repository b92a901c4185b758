package autograd.nn;

import autograd.Tensor;
import autograd.Variable;

import java.util.function.UnaryOperator;

/**
 * Penalties on variables, to be scaled and added to a loss:
 * {@code loss.add(Penalties.l2(variables).mul(1e-4))}.
 */
public final class Penalties {
    private Penalties() {}

    /**
     * L1 penalty: the sum of {@code |w|}.
     *
     * @param variables
     *            at least one, of one dtype
     * @return a single number
     */
    public static Tensor l1(Iterable<Variable> variables) { return total("l1", variables, w -> w.abs().sum()); }

    /**
     * L2 penalty: the sum of {@code w^2}.
     *
     * @param variables
     *            at least one, of one dtype
     * @return a single number
     */
    public static Tensor l2(Iterable<Variable> variables) { return total("l2", variables, w -> w.square().sum()); }

    private static Tensor total(String name, Iterable<Variable> variables, UnaryOperator<Tensor> penalty) {
        var all = variables.iterator();
        if (!all.hasNext())
            throw new IllegalArgumentException(name + ": there are no variables");
        Tensor sum = penalty.apply(all.next());
        while (all.hasNext())
            sum = sum.add(penalty.apply(all.next()));
        return sum;
    }
}
