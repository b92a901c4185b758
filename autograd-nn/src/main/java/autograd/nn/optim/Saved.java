package autograd.nn.optim;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Trainable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The state of an optimizer by name: {@code optimizer/steps}, {@code optimizer/variables/hidden.weight/1} and
 * so on.
 */
final class Saved {
    private static final String PREFIX = "optimizer/", STEPS = PREFIX + "steps";
    private static final String RATE = "learningRate", SCHEDULE = PREFIX + "schedule/",
            VARIABLES = PREFIX + "variables/";

    private final Optimizer optimizer;
    private final SequencedMap<String, Variable> variables;
    private final Set<String> read = new HashSet<>();

    Saved(Optimizer optimizer, Trainable model) {
        this.optimizer = optimizer;
        this.variables = model.state();
    }

    SequencedMap<String, Tensor> save() {
        for (Variable v : optimizer.slots.keySet())
            if (variables.values().stream().noneMatch(own -> own == v))
                throw new IllegalArgumentException(
                        "save: " + v.label() + " was trained, and is not in the model: save the whole model");
        SequencedMap<String, Tensor> saved = new LinkedHashMap<>();
        saved.put(STEPS, number(optimizer.steps));
        rates().forEach((name, o) -> saved.put(name, number(o.baseRate)));
        List<Variable> schedule = optimizer.schedule.state();
        for (int i = 0; i < schedule.size(); i++)
            saved.put(SCHEDULE + i, schedule.get(i).detach());
        variables.forEach((path, v) -> {
            Slots kept = optimizer.slots.get(v);
            if (kept == null)
                return;
            saved.put(steps(path), number(kept.steps));
            for (int k = 0; k < kept.values.length; k++)
                saved.put(slot(path, k), kept.values[k].detach());
        });
        return saved;
    }

    /** Reads everything before it changes anything. */
    void restore(Map<String, Tensor> saved) {
        long steps = count(saved, STEPS);
        Map<Optimizer, Double> rates = new IdentityHashMap<>();
        rates().forEach((name, o) -> rates.put(o, Optimizer.notNegative(name, number(saved, name))));
        List<Variable> schedule = optimizer.schedule.state();
        List<Tensor> states = new ArrayList<>();
        for (Variable v : schedule)
            states.add(like(v, saved, SCHEDULE + states.size()));
        Map<Variable, Slots> slots = new IdentityHashMap<>();
        variables.forEach((path, v) -> {
            if (saved.containsKey(steps(path)))
                slots.put(v, slots(path, v, saved));
        });
        for (String name : saved.keySet())
            if (name.startsWith(PREFIX) && !read.contains(name)) // it would be lost
                throw new IllegalArgumentException("restore: " + name + " has no place in this "
                        + optimizer.getClass().getSimpleName() + ": make it and the model as they were saved");
        optimizer.steps = steps;
        rates.forEach((o, rate) -> o.baseRate = rate);
        for (int i = 0; i < states.size(); i++)
            schedule.get(i).assign(states.get(i));
        optimizer.slots.clear();
        optimizer.slots.putAll(slots);
    }

    private Slots slots(String path, Variable v, Map<String, Tensor> saved) {
        Slots slots = new Slots(v, optimizer.of(v).slots());
        slots.steps = count(saved, steps(path));
        for (int k = 0; k < slots.values.length; k++)
            slots.values[k].assign(like(v, saved, slot(path, k)));
        return slots;
    }

    /** The learning rates of the optimizer and of its groups. */
    private SequencedMap<String, Optimizer> rates() {
        SequencedMap<String, Optimizer> rates = new LinkedHashMap<>();
        rates.put(PREFIX + RATE, optimizer);
        for (int i = 0; i < optimizer.groups.size(); i++)
            rates.put(PREFIX + "group/" + i + "/" + RATE, optimizer.groups.get(i));
        return rates;
    }

    private static String steps(String path) { return VARIABLES + path + "/steps"; }

    private static String slot(String path, int k) { return VARIABLES + path + "/" + (k + 1); }

    /** Exact up to 2^53. */
    private static Tensor number(double value) { return Tensor.scalar(DType.F64, value); }

    private double number(Map<String, Tensor> saved, String name) {
        Tensor value = get(saved, name);
        if (value.size() != 1)
            throw new IllegalArgumentException(
                    "restore: " + name + " is of shape " + value.shape() + ", it must be a single number");
        return value.item();
    }

    private long count(Map<String, Tensor> saved, String name) {
        double value = number(saved, name);
        if (!(value >= 0 && value == Math.rint(value)))
            throw new IllegalArgumentException("restore: " + name + " is " + value + ": it must be a number of steps");
        return (long) value;
    }

    private Tensor like(Variable v, Map<String, Tensor> saved, String name) {
        Tensor value = get(saved, name);
        if (!value.shape().equals(v.shape()) || value.dtype() != v.dtype())
            throw new IllegalArgumentException("restore: " + name + " is " + value.shape() + " " + value.dtype()
                    + ", it must be " + v.shape() + " " + v.dtype());
        return value;
    }

    private Tensor get(Map<String, Tensor> saved, String name) {
        read.add(name);
        Tensor value = saved.get(name);
        if (value == null)
            throw new IllegalArgumentException(
                    "restore: there is no " + name + ": make the optimizer and the model as they were saved");
        return value;
    }
}
