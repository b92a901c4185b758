package autograd.nn.metrics;

import autograd.IntTensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Counts, batch by batch, the predictions of each class for the examples of each class. */
public final class ConfusionMatrix {
    /** The ways to average over classes. */
    public enum Average {
        /** The mean over the classes that occur, as labels or predictions; undefined values count as 0. */
        MACRO,
        /** The mean weighted by the number of labels of each class. */
        WEIGHTED,
        /** Over all examples together; with one label each, precision, recall and F1 all equal the accuracy. */
        MICRO
    }

    private final long[][] counts;

    /**
     * A matrix of zeros.
     *
     * @param classes
     *            the number of classes, at least 1
     */
    public ConfusionMatrix(int classes) {
        if (classes < 1)
            throw new IllegalArgumentException("ConfusionMatrix: needs at least one class, got " + classes);
        counts = new long[classes][classes];
    }

    /**
     * Counts a batch.
     *
     * @param predicted
     *            classes, for example {@code logits.argMax(-1)}
     * @param labels
     *            the true classes, of the same shape
     * @return this matrix
     */
    public ConfusionMatrix add(IntTensor predicted, IntTensor labels) {
        if (!predicted.shape().equals(labels.shape()))
            throw new IllegalArgumentException("ConfusionMatrix: predictions " + predicted.shape() + " and labels "
                    + labels.shape() + " must have the same shape");
        int[] p = predicted.toArray(), y = labels.toArray();
        IntStream.concat(IntStream.of(p), IntStream.of(y)).forEach(this::check);
        for (int i = 0; i < p.length; i++)
            counts[y[i]][p[i]]++;
        return this;
    }

    private void check(int c) {
        if (c < 0 || c >= classes())
            throw new IndexOutOfBoundsException("ConfusionMatrix: no class " + c + ", there are 0.." + (classes() - 1));
    }

    /** The number of classes. */
    public int classes() { return counts.length; }

    /** The number of examples of one class that were predicted as another, or as the same. */
    public long count(int label, int predicted) {
        check(label);
        check(predicted);
        return counts[label][predicted];
    }

    /** The number of examples counted. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** The fraction of examples with the right prediction; NaN without examples. */
    public double accuracy() {
        return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum() / (double) total();
    }

    /** The fraction of a class's examples with the right prediction; NaN without such examples. */
    public double recall(int label) {
        return count(label, label) / (double) labelled(label);
    }

    /** The fraction of predictions of a class that are right; NaN without such predictions. */
    public double precision(int predicted) {
        return count(predicted, predicted) / (double) predicted(predicted);
    }

    /**
     * The harmonic mean of precision and recall.
     *
     * @param c
     *            the class
     * @return {@code F1 = 2 p r / (p + r)}, 0 .. 1; NaN if the class is neither a label nor a prediction
     */
    public double f1(int c) { return 2.0 * count(c, c) / (labelled(c) + predicted(c)); }

    /** The precision over all classes. */
    public double precision(Average average) {
        return average(average, this::precision);
    }

    /** The recall over all classes. */
    public double recall(Average average) { return average(average, this::recall); }

    /** The F1 score over all classes. */
    public double f1(Average average) { return average(average, this::f1); }

    private double average(Average average, IntToDoubleFunction ofClass) {
        if (average == Average.MICRO)
            return accuracy();
        double sum = 0, weights = 0;
        for (int c = 0; c < classes(); c++) {
            if (labelled(c) + predicted(c) == 0)
                continue;
            double value = ofClass.applyAsDouble(c), weight = average == Average.WEIGHTED ? labelled(c) : 1;
            sum += Double.isNaN(value) ? 0 : weight * value;
            weights += weight;
        }
        return sum / weights;
    }

    private long labelled(int c) { return Arrays.stream(counts[c]).sum(); }

    private long predicted(int c) { return Arrays.stream(counts).mapToLong(row -> row[c]).sum(); }

    /** A table: a row for each class, a column for each prediction, and the recall in per cent. */
    @Override
    public String toString() {
        String column = "%" + Math.max(4, 1 + Long.toString(total()).length()) + "d";
        var text = new StringBuilder("label\\predicted");
        for (int c = 0; c < classes(); c++)
            text.append(String.format(Locale.ROOT, column, c));
        text.append("  recall\n");
        for (int c = 0; c < classes(); c++) {
            text.append(String.format(Locale.ROOT, "%15d", c));
            for (long count : counts[c])
                text.append(String.format(Locale.ROOT, column, count));
            double recall = recall(c);
            text.append(Double.isNaN(recall) ? "       -\n" : String.format(Locale.ROOT, "%7.1f%%\n", 100 * recall));
        }
        return text.toString();
    }
}
