package autograd;

import autograd.array.NdArray;
import autograd.kernels.Kernels;

/**
 * The rule g f'(x) of a function that saturates, in one pass. The inputs are g, x and y = f(x). It is
 * computed from y, which is cheap, but from x where y is rounded to 1 or -1: y alone would make the
 * derivative 0 there.
 */
interface SaturatingVjp extends Op.Fused {
    /** g f'(x) from g and y. */
    Kernels.Fn2 fromValue();

    /** g f'(x) from g and x. */
    Kernels.Fn2 fromArgument();

    /** f''(x) / f'(x) from y, which is also the derivative of f'(x) by y. */
    Tensor curve(Tensor y);

    @Override
    default NdArray forward(NdArray... in) {
        return Kernels.get().mapSaturating(fromValue(), fromArgument(), in[0], in[2], in[1]);
    }

    @Override
    default Tensor vjp(int i, Tensor h, Tensor[] in, Tensor r) {
        Tensor g = in[0], x = in[1], y = in[2];
        if (i == 0)
            return h.apply(this, x, y);
        Mask saturated = y.abs().ge(1);
        return i == 1
                ? h.zmul(r.zmul(curve(y))).where(saturated, 0)
                : h.zmul(g.zmul(curve(y))).where(saturated.not(), 0);
    }
}
