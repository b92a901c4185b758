package autograd.spark;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Unconnected;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.check.Explain;
import autograd.nn.Layer;
import autograd.nn.Pass;
import autograd.nn.optim.Optimizer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The shards of one partition with a model of their own, which stay in the memory of an executor. Nothing
 * that a step leaves in the model is used by the next: it begins with what the driver sends.
 */
final class Shards<M extends Layer> {
    private final Rng seed;
    private final M model;
    private final Loss loss;
    private final List<Shard> shards = new ArrayList<>();

    /** The shards from one number to another, given all their examples. */
    Shards(int from, int to, int of, Iterator<float[]> packed, InitialModel<M> initial, Loss loss, long seed) {
        this.seed = new Rng(seed);
        this.loss = loss;
        model = initial.of(new Rng(seed));
        List<List<float[]>> rows = new ArrayList<>();
        for (int i = from; i < to; i++)
            rows.add(new ArrayList<>());
        packed.forEachRemaining(row -> rows.get(Shard.of(row, of) - from).add(row));
        for (int i = from; i < to; i++)
            shards.add(new Shard(i, rows.get(i - from), dtype(model)));
    }

    static DType dtype(Layer model) {
        return model.state().values().stream().findFirst().map(Tensor::dtype).orElse(DType.F32);
    }

    /** What each step changes: all but what is frozen. */
    static SequencedMap<String, Variable> changing(Layer model) {
        var changing = new LinkedHashMap<>(model.state());
        changing.values().removeIf(Variable::frozen);
        return changing;
    }

    /** What each step changes apart from the optimizer, such as running statistics. */
    static List<Variable> statistics(Layer model) {
        return changing(model).values().stream().filter(v -> !v.trainable()).toList();
    }

    static void assign(Iterable<Variable> variables, List<Tensor> values) {
        int i = 0;
        for (Variable v : variables)
            v.assign(values.get(i++));
    }

    /** See {@link Shard#description}. */
    long[][] describe() {
        return shards.stream().map(s -> s.description).toArray(long[][]::new);
    }

    /**
     * The mean over shards of the loss, which variables it reaches, the gradients, and the statistics after the
     * pass.
     */
    synchronized List<byte[]> gradients(byte[] sent, Plan plan, int epoch, int step) {
        List<Tensor> values = Packed.of(sent).unpack(changing(model).values());
        var tree = new Mean.Tree();
        for (Shard shard : shards) {
            IntTensor part = part(shard, plan, epoch, step);
            if (part.size() == 0) {
                tree.add(Mean.ofNothing(shard.number));
                continue;
            }
            assign(changing(model).values(), values);
            tree.add(new Mean(shard.number, 1, part.size(), gradient(shard, part, random(plan, epoch, step, shard))));
        }
        return tree.toBytes();
    }

    private Packed gradient(Shard shard, IntTensor part, Rng rng) {
        List<Variable> variables = model.variables();
        try (var tape = new GradientTape().scoped()) {
            Tensor y = loss(shard, part, rng);
            Gradients gradients = tape.gradient(y, variables);
            List<Tensor> all = new ArrayList<>();
            all.add(Tensor.scalar(DType.F64, y.item()));
            all.add(Tensor.of(DType.F64, variables.stream().mapToDouble(v -> gradients.has(v) ? 1 : 0).toArray()));
            variables.forEach(v -> all.add(gradients.of(v, Unconnected.ZERO)));
            all.addAll(statistics(model));
            return Packed.of(all);
        }
    }

    /**
     * The mean over shards of the loss, of the model, and of the state of the optimizer, after some steps that
     * each shard takes alone.
     */
    synchronized List<byte[]> localSteps(byte[] sent, Plan plan, int epoch, int step, int steps, OptimizerOf<M> rule) {
        var state = new LocalState<>(model, rule);
        var tree = new Mean.Tree();
        for (Shard shard : shards) {
            Optimizer optimizer = state.unpack(Packed.of(sent), model);
            double sum = 0;
            long examples = 0;
            for (int i = step; i < step + steps; i++) {
                IntTensor part = part(shard, plan, epoch, i);
                examples += part.size();
                sum += optimizer.minimize(model, random(plan, epoch, i, shard),
                        pass -> loss.of(model.forward(select(shard.x, part), pass), select(shard.y, part)));
            }
            tree.add(new Mean(shard.number, 1, examples, state.pack(sum / steps, model, optimizer)));
        }
        return tree.toBytes();
    }

    /** Where a loss that is not finite begins, shard by shard, given what the model had before the step. */
    synchronized List<String> explain(byte[] sent, Plan plan, int epoch, int step) {
        List<Tensor> values = Packed.of(sent).unpack(changing(model).values());
        List<String> reasons = new ArrayList<>();
        for (Shard shard : shards) {
            IntTensor part = part(shard, plan, epoch, step);
            if (part.size() == 0)
                continue;
            assign(changing(model).values(), values);
            try (var tape = new GradientTape(Explain.tracing())) {
                Tensor y = loss(shard, part, random(plan, epoch, step, shard));
                Explain.nonFinite(tape, y).ifPresent(why -> reasons.add("in shard " + shard.number + ": " + why));
            }
        }
        return reasons;
    }

    private Tensor loss(Shard shard, IntTensor part, Rng rng) {
        return loss.of(model.forward(select(shard.x, part), Pass.training(rng)), select(shard.y, part));
    }

    private static Tensor select(Tensor rows, IntTensor part) { return rows.indexSelect(0, part); }

    private IntTensor part(Shard shard, Plan plan, int epoch, int step) {
        return shard.part(seed, epoch, plan.used(shard.number, shard.size(), step),
                plan.used(shard.number, shard.size(), step + 1));
    }

    /** What random layers draw from, in a step of a shard: it depends on the seed and these two alone. */
    private Rng random(Plan plan, int epoch, int step, Shard shard) {
        return seed.derive(0).derive((epoch - 1L) * plan.steps() + step).derive(shard.number);
    }
}
