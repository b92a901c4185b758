package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The saved state of a callback; every tensor is checked when it is read. */
final class CallbackState {
    private final String callback;
    private final Map<String, Tensor> saved;
    private final Set<String> read = new HashSet<>();

    CallbackState(String callback, Map<String, Tensor> saved) {
        this.callback = callback;
        this.saved = saved;
    }

    Tensor get(String name, DType dtype, Shape shape) {
        read.add(name);
        Tensor value = saved.get(name);
        if (value == null)
            throw new IllegalArgumentException(callback + ": what it saved lacks " + name);
        if (value.dtype() != dtype || !value.shape().equals(shape))
            throw new IllegalArgumentException(callback + ": the saved " + name + " is " + value.dtype() + " "
                    + value.shape() + ", it must be " + dtype + " " + shape);
        return value;
    }

    /** A count, such as a number of epochs. */
    int count(String name, double value) {
        if (!(value >= 0 && value == Math.rint(value) && value <= Integer.MAX_VALUE))
            throw new IllegalArgumentException(
                    callback + ": the saved " + name + " holds " + value + " where a whole number must be");
        return (int) value;
    }

    /** Throws if there are tensors that were not read. */
    void allRead() {
        for (String name : saved.keySet())
            if (!read.contains(name))
                throw new IllegalArgumentException(callback + ": it has no use for the saved " + name);
    }
}
