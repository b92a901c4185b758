package autograd.kernels.vector.optimizer;

import autograd.array.DType;
import autograd.array.Storage;
import autograd.kernels.IntrinsicStep;

/** The steps of optimizers for one dtype: {@link FloatOptimizerLoops} or its twin. */
public interface OptimizerLoops {
    static OptimizerLoops of(DType dtype) { return dtype.pick(FloatOptimizerLoops.ONE, DoubleOptimizerLoops.ONE); }

    /** Takes a step at n elements of the slots, from position i on. */
    void step(IntrinsicStep step, int n, int i, Storage gradient, int go, Storage... slots);
}
