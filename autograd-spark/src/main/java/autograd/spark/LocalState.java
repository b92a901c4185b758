package autograd.spark;

import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Layer;
import autograd.nn.optim.Optimizer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A model with an optimizer as packed numbers, for shards that take steps of their own. */
final class LocalState<M extends Layer> {
    /** The state of an optimizer after one step, by name: shapes and dtypes matter, values do not. */
    private final SequencedMap<String, Tensor> layout;
    private final OptimizerOf<M> rule;

    /** Changes the variables of the model. */
    LocalState(M scratch, OptimizerOf<M> rule) {
        this.rule = rule;
        Map<Variable, Tensor> zeros = new LinkedHashMap<>();
        scratch.variables().forEach(v -> zeros.put(v, Tensor.zerosLike(v)));
        Optimizer optimizer = rule.of(scratch);
        optimizer.apply(Gradients.of(zeros));
        layout = optimizer.save(scratch);
    }

    /** What the driver sends; before the first step, zeros in place of the optimizer's state. */
    Packed pack(M model, Optimizer optimizer) {
        List<Tensor> all = new ArrayList<>(Shards.changing(model).values());
        all.addAll(optimizer.steps() == 0
                ? layout.values().stream().map(Tensor::zerosLike).toList()
                : state(model, optimizer));
        return Packed.of(all);
    }

    /** What a shard returns. */
    Packed pack(double loss, M model, Optimizer optimizer) {
        List<Tensor> all = new ArrayList<>();
        all.add(Tensor.scalar(DType.F64, loss));
        all.addAll(Shards.changing(model).values());
        all.addAll(state(model, optimizer));
        return Packed.of(all);
    }

    private Collection<Tensor> state(M model, Optimizer optimizer) {
        SequencedMap<String, Tensor> state = optimizer.save(model);
        if (!state.keySet().equals(layout.keySet()))
            throw new IllegalStateException("localSteps: the loss does not reach all variables, so there is no mean "
                    + "of the optimizers' states; freeze in the model what is not to be trained. There is "
                    + state.keySet() + " of " + layout.keySet());
        return state.values();
    }

    /** Brings a model to what the driver sent, and makes its optimizer. */
    Optimizer unpack(Packed sent, M model) {
        Optimizer optimizer = rule.of(model);
        List<Tensor> like = new ArrayList<>(Shards.changing(model).values());
        like.addAll(layout.values());
        restore(sent.unpack(like).iterator(), model, optimizer);
        return optimizer;
    }

    /** Brings model and optimizer to the mean of what the shards returned; the mean loss is returned. */
    double unpack(Packed mean, M model, Optimizer optimizer) {
        List<Tensor> like = new ArrayList<>(List.of(Tensor.scalar(DType.F64, 0)));
        like.addAll(Shards.changing(model).values());
        like.addAll(layout.values());
        Iterator<Tensor> values = mean.unpack(like).iterator();
        double loss = values.next().item();
        if (Double.isFinite(loss))
            restore(values, model, optimizer);
        return loss;
    }

    private void restore(Iterator<Tensor> values, M model, Optimizer optimizer) {
        Shards.changing(model).values().forEach(v -> v.assign(values.next()));
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        layout.keySet().forEach(name -> state.put(name, values.next()));
        if (state.firstEntry().getValue().item() > 0) // the number of steps
            optimizer.restore(model, state);
    }
}
