package autograd.kernels.vector.optimizer;

import autograd.array.DType;
import autograd.array.Storage;

/** The steps of known optimizers, for one dtype: {@link FloatOptimizerLoops} or its twin. */
public interface OptimizerLoops {
    static OptimizerLoops of(DType dtype) { return dtype.pick(FloatOptimizerLoops.ONE, DoubleOptimizerLoops.ONE); }

    /** Takes a rule's step, of its components c, at n elements from position i on. */
    void step(String rule, double[] c, int n, int i, Storage gradient, int go, Storage... slots);
}
