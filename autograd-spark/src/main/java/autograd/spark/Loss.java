package autograd.spark;

import autograd.IntTensor;
import autograd.Tensor;

import java.io.Serializable;

/**
 * The loss of a model's output: a single number, the mean over the examples, such as
 * {@code Losses::meanSquaredError}.
 */
@FunctionalInterface
public interface Loss extends Serializable {
    /** The loss of outputs, [n, ..], for labels, [n, numbers of a label]. */
    Tensor of(Tensor output, Tensor label);

    /** The loss of scores, [n, classes], for the numbers of classes, [n]. */
    @FunctionalInterface
    interface OfClasses extends Serializable {
        /** The mean over the examples. */
        Tensor of(Tensor scores, IntTensor classes);
    }

    /**
     * A loss for labels that are the number of a class: {@code Loss.classes(Losses::sparseSoftmaxCrossEntropy)}.
     */
    static Loss classes(OfClasses loss) { return (output, label) -> loss.of(output, classes(label)); }

    private static IntTensor classes(Tensor label) {
        double[] values = label.toDoubleArray();
        if (label.shape().rank() != 2 || label.shape().dim(1) != 1)
            throw new IllegalArgumentException("Loss.classes: the labels are " + label.shape()
                    + ", they must be [n, 1]: one label column, the number of the class");
        int[] classes = new int[values.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (int) values[i];
            if (classes[i] != values[i] || classes[i] < 0)
                throw new IllegalArgumentException(
                        "Loss.classes: the label " + values[i] + " is not the number of a class: 0, 1, 2, ..");
        }
        return IntTensor.of(classes);
    }
}
