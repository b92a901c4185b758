package autograd;

import autograd.array.Layout;
import autograd.array.NdArray;

import org.jspecify.annotations.Nullable;

/**
 * The operations that graphs of single numbers are full of: one instance of each, and their values on arrays
 * of one number without the detour through the kernels. HotSpot sees here which function is called.
 */
final class SingleNumbers {
    static final Elementwise.Add ADD = new Elementwise.Add();
    static final Elementwise.Sub SUB = new Elementwise.Sub();
    static final Elementwise.Mul MUL = new Elementwise.Mul();
    static final Elementwise.Zmul ZMUL = new Elementwise.Zmul();
    static final Elementwise.Zdiv ZDIV = new Elementwise.Zdiv();
    static final Elementwise.Div DIV = new Elementwise.Div();
    static final Elementwise.Neg NEG = new Elementwise.Neg();
    static final Elementwise.Reciprocal RECIPROCAL = new Elementwise.Reciprocal();
    static final Activations.Relu RELU = new Activations.Relu();
    static final Activations.ReluVjp RELU_VJP = new Activations.ReluVjp();

    private SingleNumbers() {}

    /** The value of an operation on one number; null if the kernels are to compute it. */
    static @Nullable NdArray map(Op op, NdArray x) {
        if (x.size() != 1)
            return null;
        if (op instanceof Activations.Relu f)
            return like(x, f.f(x.item()));
        if (op instanceof Elementwise.Neg f)
            return like(x, f.f(x.item()));
        if (op instanceof Elementwise.Reciprocal f)
            return like(x, f.f(x.item()));
        return null;
    }

    /** The value of an operation on two numbers; null if the kernels are to compute it. */
    static @Nullable NdArray map(Op op, NdArray a, NdArray b) {
        if (a.size() != 1 || b.size() != 1 || a.dtype() != b.dtype() || !a.shape().equals(b.shape()))
            return null;
        if (op instanceof Elementwise.Add f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Elementwise.Mul f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Elementwise.Zmul f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Activations.ReluVjp f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Elementwise.Sub f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Elementwise.Div f)
            return like(a, f.f(a.item(), b.item()));
        if (op instanceof Elementwise.Zdiv f)
            return like(a, f.f(a.item(), b.item()));
        return null;
    }

    private static NdArray like(NdArray x, double value) {
        Layout layout = x.layout();
        return NdArray.single(x.dtype(), layout.offset() == 0 ? layout : Layout.of(x.shape()), value);
    }
}
