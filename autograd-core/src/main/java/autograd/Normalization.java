package autograd;

import autograd.array.NdArray;
import autograd.kernels.Kernels;

/** Operations that bring the elements along an axis to a common scale. */
public sealed interface Normalization extends Operand permits Tensor {
    /** Softmax along an axis: e^x / sum(e^x), without overflow. */
    default Tensor softmax(int axis) {
        return apply(new Softmax(shape().axis("softmax", axis)));
    }

    record Softmax(int axis) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) { return Kernels.get().softmax(in[0], axis, false); }

        public Tensor definition(Tensor... in) { return in[0].exp().div(in[0].exp().sum(true, axis)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.sub(g.zmul(y).sum(true, axis)).zmul(y); }
    }

    /** The logarithm of softmax along an axis: x - log(sum(e^x)), without overflow. */
    default Tensor logSoftmax(int axis) {
        return apply(new LogSoftmax(shape().axis("logSoftmax", axis)));
    }

    record LogSoftmax(int axis) implements Op.Unary, Op.Fused {
        public NdArray forward(NdArray... in) { return Kernels.get().softmax(in[0], axis, true); }

        public Tensor definition(Tensor... in) { return in[0].sub(in[0].logSumExp(true, axis)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.sub(g.sum(true, axis).zmul(y.exp())); }
    }
}
