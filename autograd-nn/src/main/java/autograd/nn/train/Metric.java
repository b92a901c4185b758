package autograd.nn.train;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.nn.data.Batch;
import autograd.nn.metrics.Auc;
import autograd.nn.metrics.ConfusionMatrix;
import autograd.nn.metrics.Regression;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** A number that tells how good outputs are, taken over all batches of a data set. */
interface Metric<B> {
    List<String> NAMES = List.of("accuracy", "f1", "auc", "mae");

    void add(Tensor output, B batch);

    double value();

    /** The mean of a function of batches, each counting as many times as it has examples. */
    static <B> Metric<B> mean(ToDoubleBiFunction<Tensor, B> function) {
        return new Metric<>() {
            private double sum;
            private long examples;

            @Override
            public void add(Tensor output, B batch) {
                int n = output.shape().rank() == 0 ? 1 : output.shape().dim(0);
                sum += function.applyAsDouble(output, batch) * n;
                examples += n;
            }

            @Override
            public double value() { return sum / examples; }
        };
    }

    static <B> Metric<B> named(String name) {
        return switch (name) {
            case "accuracy" -> new OfLabels<>(name, ConfusionMatrix::accuracy);
            case "f1" -> new OfLabels<>(name, m -> m.classes() == 2 ? m.f1(1) : m.f1(ConfusionMatrix.Average.MACRO));
            case "auc" -> new Area<>();
            case "mae" -> new Absolute<>();
            default -> throw new IllegalArgumentException("metrics: there is no metric " + name + " among " + NAMES
                    + "; give your own by metric(\"" + name + "\", (outputs, batch) -> ..)");
        };
    }

    /** What is wrong with the outputs and targets of a batch, and what to write instead. */
    static IllegalArgumentException refused(String name, Tensor output, Object batch, String needs) {
        String targets = batch instanceof Batch<?, ?>(_, Tensor y)
                ? "targets " + y.shape()
                : batch instanceof Batch<?, ?>(_, IntTensor y) ? "labels " + y.shape() : "this batch";
        return new IllegalArgumentException("metrics: " + name + " needs " + needs + ", not outputs " + output.shape()
                + " with " + targets + "; for others give your own by metric(\"" + name
                + "\", (outputs, batch) -> ..), for example Accuracy.binary(outputs, batch.y(), 0)");
    }

    /** Of class labels and scores of classes. */
    final class OfLabels<B> implements Metric<B> {
        private final String name;
        private final ToDoubleFunction<ConfusionMatrix> value;
        private @Nullable ConfusionMatrix matrix;

        OfLabels(String name, ToDoubleFunction<ConfusionMatrix> value) {
            this.name = name;
            this.value = value;
        }

        @Override
        public void add(Tensor output, B batch) {
            if (!(batch instanceof Batch<?, ?>(_, IntTensor y)) || output.shape().rank() != y.shape().rank() + 1
                    || output.shape().dim(-1) < 2)
                throw refused(name, output, batch, "scores [.., classes] and labels [..]");
            if (matrix == null)
                matrix = new ConfusionMatrix(output.shape().dim(-1));
            matrix.add(output.argMax(-1), y);
        }

        @Override
        public double value() { return matrix == null ? Double.NaN : value.applyAsDouble(matrix); }
    }

    /** The area under the ROC curve: of two classes, or of one score with targets 0 and 1. */
    final class Area<B> implements Metric<B> {
        private final Auc auc = new Auc();

        @Override
        public void add(Tensor output, B batch) {
            if (batch instanceof Batch<?, ?>(_, IntTensor y) && output.shape().equals(y.shape().append("auc", 2)))
                auc.add(output.slice(-1, 1, 2).sub(output.slice(-1, 0, 1)).squeeze(-1), y);
            else if (batch instanceof Batch<?, ?>(_, IntTensor y) && output.shape().equals(y.shape()))
                auc.add(output, y);
            else if (batch instanceof Batch<?, ?>(_, Tensor y) && output.shape().equals(y.shape())
                    && y.eq(0).or(y.eq(1)).all())
                auc.add(output, IntTensor.of(Arrays.stream(y.toDoubleArray()).mapToInt(v -> (int) v).toArray(),
                        y.shape().dims()));
            else
                throw refused("auc", output, batch, "scores [.., 2] and labels [..], or scores and targets of one "
                        + "shape, each 0 or 1");
        }

        @Override
        public double value() { return auc.value(); }
    }

    /** The mean absolute error. */
    final class Absolute<B> implements Metric<B> {
        private final Regression regression = new Regression();

        @Override
        public void add(Tensor output, B batch) {
            if (!(batch instanceof Batch<?, ?>(_, Tensor y)) || !output.shape().equals(y.shape()))
                throw refused("mae", output, batch, "outputs and targets of one shape");
            regression.add(output, y);
        }

        @Override
        public double value() { return regression.mae(); }
    }
}
