package autograd.nn.optim;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Transaction;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Pass;
import autograd.nn.Trainable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Changes variables so that a loss becomes smaller. A rule says what happens to one element; what it keeps
 * for each variable, such as momentum, is made on first use. Groups of variables may have rules of their own,
 * a schedule may change the learning rate, and all that is kept can be saved with the model.
 */
public abstract class Optimizer {
    /** Neither a schedule nor a clip. */
    private enum Plain implements Schedule, Clip {
        PLAIN;

        @Override
        public double rate(double base, long step) { return base; }

        @Override
        public List<Tensor> apply(List<Tensor> gradients) { return gradients; }
    }

    final Map<Variable, Slots> slots = new IdentityHashMap<>();
    final List<Optimizer> groups = new ArrayList<>();
    private final Map<Variable, Optimizer> groupOf = new IdentityHashMap<>();
    private final Set<Variable> skipped = Collections.newSetFromMap(new IdentityHashMap<>());
    private Optimizer whole = this;
    double baseRate;
    long steps;
    Schedule schedule = Plain.PLAIN;
    private Clip clip = Plain.PLAIN;
    private boolean maximize;

    /**
     * Starts with nothing kept.
     *
     * @param learningRate
     *            how far a step goes, not negative
     */
    protected Optimizer(double learningRate) { baseRate = notNegative("learningRate", learningRate); }

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
     * How far the next step goes.
     *
     * @return the learning rate, as the schedule has it
     */
    public final double learningRate() { return whole.schedule.rate(baseRate, whole.steps); }

    /**
     * Changes how far a step goes, from the next one on.
     *
     * @param learningRate
     *            not negative; what the schedule starts from, if there is one
     * @return this optimizer
     */
    public Optimizer learningRate(double learningRate) {
        baseRate = notNegative("learningRate", learningRate);
        return this;
    }

    /**
     * Changes the learning rate from step to step.
     *
     * @param schedule
     *            how, for example {@code Schedule.cosineDecay(1000, 0)}
     * @return this optimizer
     */
    public Optimizer schedule(Schedule schedule) {
        noGroup("schedule");
        this.schedule = schedule;
        return this;
    }

    /**
     * How many steps were taken.
     *
     * @return the number, also of the next step for the schedule, which counts from 0
     */
    public final long steps() { return whole.steps; }

    /**
     * Gives some variables a rule of their own, or other settings:
     * {@code new AdamW(1e-3).group(biases, new AdamW(1e-3).weightDecay(0))}. The schedule and the clipping of
     * this optimizer are for all variables together.
     *
     * @param variables
     *            those in the group, in no other one
     * @param rule
     *            an optimizer made for this group, without schedule, clipping, or groups
     * @return this optimizer
     */
    public Optimizer group(Collection<Variable> variables, Optimizer rule) {
        noGroup("group");
        if (rule == this || rule.whole != rule || !rule.groups.isEmpty())
            throw new IllegalArgumentException("group: the rule of a group is an optimizer of its own, without groups");
        if (rule.schedule != Plain.PLAIN || rule.clip != Plain.PLAIN)
            throw new IllegalArgumentException("group: schedule and clipping are for all variables together: set them "
                    + "on the optimizer that has the group");
        for (Variable v : variables)
            if (groupOf.containsKey(v) || slots.containsKey(v))
                throw new IllegalArgumentException(
                        "group: " + v.label() + " is in another group, or was trained before");
        rule.whole = this;
        groups.add(rule);
        variables.forEach(v -> groupOf.put(v, rule));
        return this;
    }

    /**
     * Maximizes the loss instead. For the variables of a group, its rule decides.
     *
     * @return this optimizer
     */
    public Optimizer maximize() {
        maximize = true;
        return this;
    }

    /**
     * Makes gradients that are too large smaller, from the next step on.
     *
     * @param clip
     *            how, for example {@code Clip.norm(1)}
     * @return this optimizer
     */
    public Optimizer clip(Clip clip) {
        noGroup("clip");
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
    public final void apply(Gradients gradients) { make(changes(gradients)); }

    private List<Change> changes(Gradients gradients) {
        Set<Variable> variables = new LinkedHashSet<>();
        boolean any = false;
        for (Variable v : gradients.variables())
            if (v.trainable() && variables.add(v))
                any |= gradients.has(v);
        if (variables.isEmpty())
            throw new IllegalStateException(
                    "the loss depends on no trainable variable, or gradients of none were asked for");
        if (!any)
            gradients.of(variables.iterator().next()); // says why
        return changes(variables, v -> gradients.has(v) ? gradients.of(v) : null);
    }

    /**
     * One step along the gradients that {@code backward()} has added up.
     *
     * @param variables
     *            those to change; frozen ones stay as they are, and so does one without a gradient, which is
     *            logged once
     */
    public final void step(Iterable<Variable> variables) {
        Set<Variable> once = new LinkedHashSet<>();
        variables.forEach(once::add);
        once.removeIf(Variable::frozen);
        if (once.stream().allMatch(v -> v.grad() == null))
            throw new IllegalStateException("step: no variable has a gradient; call loss.backward() first");
        make(changes(once, Variable::grad));
    }

    /**
     * Takes one step that makes a loss of a model smaller that needs no pass, for example
     * {@code optimizer.minimize(model, () -> Losses.hinge(x.matmul(model.weight()), y))}. Layers are trained by
     * {@link #minimize(Trainable, Rng, Function)}, which hands out the pass.
     *
     * @param model
     *            the model to train; other variables that the loss depends on stay as they are
     * @param loss
     *            computes a single number; the tensors made inside cannot be read afterwards, unless an outer
     *            tape is open, because their buffers are used again. If the step fails, as it does by an
     *            ArithmeticException where the loss is NaN or infinite, no variable has changed, running
     *            statistics included, and generators of the model have not moved
     * @return the loss before the step
     */
    public final double minimize(Trainable model, Supplier<Tensor> loss) {
        return minimize(model.variables(), model.generators(), loss);
    }

    /**
     * Takes one step that makes the loss of a model in training smaller:
     * {@code optimizer.minimize(model, rng, pass -> Losses.meanSquaredError(model.forward(x, pass), y))}.
     *
     * @param model
     *            the model to train; other variables that the loss depends on stay as they are
     * @param rng
     *            the generator that dropout and the like draw from
     * @param loss
     *            computes a single number, given {@code Pass.training(rng)}; the tensors made inside cannot be
     *            read afterwards, unless an outer tape is open, because their buffers are used again. If the step
     *            fails, no variable has changed, running statistics included, and no generator has moved
     * @return the loss before the step
     */
    public final double minimize(Trainable model, Rng rng, Function<Pass, Tensor> loss) {
        Pass pass = Pass.training(rng);
        List<Rng> generators = new ArrayList<>(model.generators());
        generators.add(rng);
        return minimize(model.variables(), generators, () -> loss.apply(pass));
    }

    /**
     * Takes one step that makes a loss smaller by changing some variables.
     *
     * @param variables
     *            the trainable variables to change; others that the loss depends on stay as they are
     * @param loss
     *            as of {@link #minimize(Trainable, Supplier)}
     * @return the loss before the step
     */
    public final double minimize(Collection<Variable> variables, Supplier<Tensor> loss) {
        return minimize(variables, List.of(), loss);
    }

    private double minimize(Collection<Variable> variables, List<Rng> generators, Supplier<Tensor> loss) {
        List<Variable> trained = List.copyOf(variables);
        checkTrainable(trained);
        try (var transaction = new Transaction(generators.toArray(Rng[]::new));
                var tape = new GradientTape().scoped()) {
            Tensor y = loss.get();
            Gradients gradients = tape.gradient(y, trained);
            double before = y.item(); // now, for y may be a variable itself
            if (!Double.isFinite(before))
                throw new ArithmeticException("minimize: the loss is " + before + ", so no step is taken. To see which "
                        + "operation made it, compute it under new GradientTape(Explain.tracing()) and ask "
                        + "Explain.nonFinite(tape, loss)");
            List<Change> changes = changes(gradients);
            transaction.commit();
            make(changes);
            return before;
        }
    }

    /**
     * Takes one step that makes a loss in training smaller by changing some variables.
     *
     * @param variables
     *            the trainable variables to change; others that the loss depends on stay as they are
     * @param rng
     *            the generator that dropout and the like draw from
     * @param loss
     *            as of {@link #minimize(Trainable, Rng, Function)}
     * @return the loss before the step
     */
    public final double minimize(Collection<Variable> variables, Rng rng, Function<Pass, Tensor> loss) {
        Pass pass = Pass.training(rng);
        return minimize(variables, List.of(rng), () -> loss.apply(pass));
    }

    static void checkTrainable(List<Variable> variables) {
        if (variables.isEmpty())
            throw new IllegalArgumentException("minimize: there are no trainable variables to change; if all are "
                    + "frozen, call model.unfreeze()");
        for (Variable v : variables)
            if (!v.trainable())
                throw new IllegalArgumentException("minimize: " + v.label()
                        + (v.frozen() ? " is frozen; unfreeze it or leave it out" : " is not trainable; leave it out"));
    }

    /**
     * All that is kept, for a run that is to go on later: running means, numbers of steps, the learning rate, the
     * state of the schedule. Settings such as momentum are not: construct it with the same settings before
     * restoring.
     *
     * @param model
     *            whose variables are trained; their paths are in the names
     * @return copies by name, all starting with {@code optimizer/}; numbers are F64
     */
    public final SequencedMap<String, Tensor> save(Trainable model) {
        noGroup("save");
        return new Saved(this, model).save();
    }

    /**
     * Goes on where another optimizer was saved, to the bit. Nothing changes if it does not fit.
     *
     * @param model
     *            as the saved one was built
     * @param saved
     *            as {@link #save} gave it; other names may be among them
     */
    public final void restore(Trainable model, Map<String, Tensor> saved) {
        noGroup("restore");
        new Saved(this, model).restore(saved);
    }

    /** What a step does to a variable: all of a step is known, and found to be possible, before any is done. */
    private record Change(Variable variable, Tensor gradient, Variable.Update rule, Slots kept) {}

    private List<Change> changes(Iterable<Variable> variables, Function<Variable, @Nullable Tensor> gradient) {
        noGroup("step");
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
        checkClipped(gradients, clipped);
        for (int i = 0; i < clipped.size(); i++)
            if (!clipped.get(i).allFinite())
                throw new ArithmeticException("the gradient of " + reached.get(i).label()
                        + " has elements that are NaN "
                        + "or infinite; no variable has changed. An operation may have no finite slope there, as sqrt at "
                        + "0, or a slope overflows: Clip.value bounds what is infinite");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < reached.size(); i++)
            changes.add(change(reached.get(i), clipped.get(i)));
        return changes;
    }

    private static void checkClipped(List<Tensor> gradients, List<Tensor> clipped) {
        boolean alike = clipped.size() == gradients.size();
        for (int i = 0; alike && i < gradients.size(); i++)
            alike = clipped.get(i).shape().equals(gradients.get(i).shape())
                    && clipped.get(i).dtype() == gradients.get(i).dtype();
        if (!alike)
            throw new IllegalStateException("clip: the gradients " + gradients.stream().map(Tensor::label).toList()
                    + " became " + clipped.stream().map(Tensor::label).toList()
                    + "; a Clip returns as many, of the same shapes and dtypes");
    }

    private Change change(Variable v, Tensor g) {
        Optimizer o = of(v);
        Slots kept = slots.get(v);
        if (kept == null || kept.values.length != o.slots())
            kept = new Slots(v, o.slots());
        return new Change(v, o.maximize ? g.neg() : g, o.rule(kept.steps + 1), kept);
    }

    private void make(List<Change> changes) {
        for (Change c : changes) {
            slots.put(c.variable, c.kept);
            c.kept.steps++;
            c.variable.update(c.rule, c.gradient, c.kept.values);
        }
        steps++;
    }

    private void noGroup(String what) {
        if (whole != this)
            throw new IllegalStateException(
                    what + ": this is the rule of a group; ask the optimizer that has the group instead");
    }

    /** The optimizer whose rule a variable follows. */
    final Optimizer of(Variable v) {
        return groupOf.getOrDefault(v, this);
    }

    private void skip(Variable v) {
        if (skipped.add(v))
            System.getLogger(Optimizer.class.getName()).log(System.Logger.Level.WARNING,
                    "no gradient reaches {0}: it is not trained", v.label());
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value))
            throw new IllegalArgumentException(name + " is " + value + ": it must be a number that is not negative");
        return value;
    }

    static double positive(String name, double value) {
        if (!(notNegative(name, value) > 0))
            throw new IllegalArgumentException(name + " is 0: it must be positive");
        return value;
    }

    static double belowOne(String name, double value) {
        if (!(value >= 0 && value < 1))
            throw new IllegalArgumentException(name + " is " + value + ": it must be at least 0 and below 1");
        return value;
    }
}
