package autograd.nn.train;

import autograd.Tensor;
import autograd.nn.Pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Measures a model in evaluation mode. */
record Evaluation<B>(Trainer.Forward<B> forward, Trainer.Loss<B> loss) {
    /** Adds the mean loss of batches, under a name, and the metrics to the values, if there are any batches. */
    void measure(Iterable<B> batches, Map<String, Supplier<Metric<B>>> metrics, String name,
            Map<String, Double> values, BooleanSupplier enough) {
        Map<String, Metric<B>> measured = new LinkedHashMap<>();
        metrics.forEach((each, metric) -> measured.put(each, metric.get()));
        mean(batches, (output, batch) -> measured.values().forEach(m -> m.add(output, batch)), enough)
                .ifPresent(mean -> {
                    values.put(name, mean);
                    measured.forEach((each, metric) -> values.put(each, metric.value()));
                });
    }

    /** The mean loss over the examples of batches; empty if there are none. */
    OptionalDouble mean(Iterable<B> batches, BiConsumer<Tensor, B> metrics, BooleanSupplier enough) {
        double sum = 0;
        long examples = 0;
        for (B batch : batches) {
            if (enough.getAsBoolean())
                break;
            Tensor output = forward.of(batch, Pass.EVAL);
            sum += loss.of(output, batch).item() * count(output);
            examples += count(output);
            metrics.accept(output, batch);
        }
        return examples == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / examples);
    }

    /** The outputs, one after the other along the first axis. */
    Tensor predict(Iterable<B> batches) {
        List<Tensor> outputs = new ArrayList<>();
        for (B batch : batches)
            outputs.add(forward.of(batch, Pass.EVAL));
        if (outputs.isEmpty())
            throw new IllegalArgumentException("predict: there are no batches");
        return Tensor.concat(0, outputs.toArray(Tensor[]::new));
    }

    /** The number of examples in a batch. */
    static int count(Tensor output) {
        if (output.size() == 0)
            throw new IllegalArgumentException(
                    "Trainer: a batch has no examples, its output has shape " + output.shape());
        return output.shape().rank() == 0 ? 1 : output.shape().dim(0);
    }
}
