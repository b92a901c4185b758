package autograd.nn.optim;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Changes variables so that a loss becomes smaller. A rule says what happens to one element; what it keeps
 * for each variable, such as momentum, is made on first use.
 */
public abstract class Optimizer {
    private static final System.Logger LOG = System.getLogger(Optimizer.class.getName());

    /** What is kept for one variable, and how often it was changed. */
    private static final class Slots {
        final Variable[] values;
        long steps;

        Slots(Variable of, int count) {
            values = new Variable[count];
            for (int i = 0; i < count; i++)
                values[i] = new Variable(null, Tensor.zerosLike(of), false);
        }
    }

    private final Map<Variable, Slots> slots = new IdentityHashMap<>();
    private final Set<Variable> skipped = Collections.newSetFromMap(new IdentityHashMap<>());
    private double learningRate;
    private Clip clip = gradients -> gradients;

    /**
     * Starts with nothing kept.
     *
     * @param learningRate
     *            how far a step goes, not negative
     */
    protected Optimizer(double learningRate) { learningRate(learningRate); }

    /**
     * How many numbers the rule keeps for each element.
     *
     * @return the number of slots, all starting at 0
     */
    protected abstract int slots();

    /**
     * The rule of one step.
     *
     * @param t
     *            the number of this step for the variable, from 1
     * @return what happens to an element: s[0] is the element, s[1] and on its slots
     */
    protected abstract Variable.Update rule(long t);

    /**
     * How far a step goes.
     *
     * @return the learning rate
     */
    public final double learningRate() { return learningRate; }

    /**
     * Changes how far a step goes, from the next one on.
     *
     * @param learningRate
     *            not negative
     */
    public final void learningRate(double learningRate) {
        this.learningRate = notNegative("learningRate", learningRate);
    }

    /**
     * Makes gradients that are too large smaller, from the next step on.
     *
     * @param clip
     *            how, for example {@code Clip.norm(1)}
     * @return this optimizer
     */
    public final Optimizer clip(Clip clip) {
        this.clip = clip;
        return this;
    }

    /**
     * One step along the gradients of a loss. Variables the loss does not depend on stay as they are, which is
     * logged once.
     *
     * @param gradients
     *            what the tape found
     */
    public final void apply(Gradients gradients) {
        List<Variable> variables = gradients.variables().stream().filter(Variable::trainable).distinct().toList();
        if (variables.isEmpty())
            throw new IllegalStateException(
                    "the loss depends on no trainable variable, or gradients of none were asked for");
        if (variables.stream().noneMatch(gradients::has))
            gradients.of(variables.getFirst()); // says why
        step(variables, v -> gradients.has(v) ? gradients.of(v) : null);
    }

    /**
     * One step along the gradients that {@code backward()} has added up.
     *
     * @param variables
     *            those to change; one without a gradient stays as it is, which is logged once
     */
    public final void step(Iterable<Variable> variables) {
        Set<Variable> once = new LinkedHashSet<>();
        variables.forEach(once::add);
        if (once.stream().allMatch(v -> v.grad() == null))
            throw new IllegalStateException("step: no variable has a gradient; call loss.backward() first");
        step(once, Variable::grad);
    }

    /**
     * One step towards a smaller loss. Its buffers are used again in the next one: of the tensors made inside,
     * none can be read afterwards, unless an outer tape is open.
     *
     * @param loss
     *            computes a single number from variables
     * @return the loss before the step
     */
    public final double minimize(Supplier<Tensor> loss) {
        try (var tape = new GradientTape().scoped()) {
            Tensor y = loss.get();
            Gradients gradients = tape.gradients(y);
            double before = y.item(); // now, for y may be a variable itself
            apply(gradients);
            return before;
        }
    }

    private void step(Iterable<Variable> variables, Function<Variable, @Nullable Tensor> gradient) {
        List<Variable> reached = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        for (Variable v : variables) {
            Tensor g = gradient.apply(v);
            if (g == null) {
                skip(v);
            } else {
                reached.add(v);
                gradients.add(g);
            }
        }
        List<Tensor> clipped = clip.apply(gradients);
        for (int i = 0; i < reached.size(); i++)
            update(reached.get(i), clipped.get(i));
    }

    private void update(Variable v, Tensor g) {
        Slots kept = slots.compute(v,
                (_, old) -> old != null && old.values.length == slots() ? old : new Slots(v, slots()));
        v.update(rule(++kept.steps), g, kept.values);
    }

    private void skip(Variable v) {
        if (skipped.add(v))
            LOG.log(System.Logger.Level.WARNING, "no gradient reaches {0}: it is not trained", v.label());
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value))
            throw new IllegalArgumentException(name + " is " + value + ": it must be a number that is not negative");
        return value;
    }

    static double belowOne(String name, double value) {
        if (!(value >= 0 && value < 1))
            throw new IllegalArgumentException(name + " is " + value + ": it must be at least 0 and below 1");
        return value;
    }
}
