package autograd;

import autograd.array.Scope;
import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

/**
 * A playback that nothing watches or records: buffers that only it knows are used again as soon as their last
 * reader is done, and rules of functions are called without arrays of their inputs. The gradients are those
 * of {@link Playback}, to the bit.
 */
final class RecyclingPlayback extends Playback {
    private @Nullable Scope scope;
    /** The cotangents that are sums made here, which no other code has seen. */
    private boolean[] mutable = {};

    RecyclingPlayback(OpenTape tape, boolean persistent, Gradients gradients) { super(tape, persistent, gradients); }

    @Override
    Gradients play(Node last, Tensor g) {
        try (var opened = Scope.recycling()) {
            scope = opened;
            return super.play(last, g);
        }
    }

    @Override
    void share(Node node, Tensor g) {
        int mark = scope.mark();
        if (!(node instanceof SmallNode small) || isForeign(node.op()) || !playFunction(small, g))
            super.share(node, g);
        scope.releaseFrom(mark);
    }

    /** Plays a node of one of the library's functions; says whether it is one. */
    private boolean playFunction(SmallNode node, Tensor g) {
        Tensor y = node.output();
        if (node.op() instanceof Elementwise.Map2 f) {
            Tensor a = node.first(), b = node.second();
            Node toA = nodeOf(a), toB = nodeOf(b);
            if (toA != null)
                add(toA, unbroadcast(node, 0, a, f.vjpA(g, a, b, y)));
            if (toB != null)
                add(toB, unbroadcast(node, 1, b, f.vjpB(g, a, b, y)));
            return true;
        }
        if (node.op() instanceof Elementwise.Map1 f) {
            Tensor x = node.first();
            Node to = nodeOf(x);
            if (to != null)
                add(to, unbroadcast(node, 0, x, f.vjp(g, x, y)));
            return true;
        }
        return false;
    }

    /** Arrays that a user's code sees or makes are not recycled, because the code may keep them. */
    @Override
    Tensor[] rule(Op op, boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        if (!isForeign(op))
            return super.rule(op, wanted, g, in, y);
        scope.retain(g.array());
        scope.suspend();
        try {
            return super.rule(op, wanted, g, in, y);
        } finally {
            scope.resume();
        }
    }

    /**
     * Whether an op is a user's or calls a user's code. Sums and products, which graphs of single numbers are
     * full of, are told without a look at names, which is slow.
     */
    private static boolean isForeign(Op op) {
        Class<?> c = op.getClass();
        return c != Elementwise.Add.class && c != Elementwise.Mul.class
                && (op instanceof GradientFlow.Foreign || !c.getPackageName().equals("autograd"));
    }

    @Override
    void add(Node node, Tensor share) {
        int i = node.index();
        if (i >= mutable.length) // the result comes first and has the highest index
            mutable = new boolean[i + 1];
        Tensor old = cotangents[i];
        if (mutable[i]) {
            Kernels.get().accumulate(old.array(), share.array());
            return;
        }
        Tensor sum = old == null ? share : old.add(share);
        scope.retain(sum.array());
        if (old != null) {
            scope.release(old.array());
            mutable[i] = true;
        }
        cotangents[i] = sum;
    }

    @Override
    void done(int index, boolean kept) {
        if (!kept)
            scope.release(cotangents[index].array());
        super.done(index, kept);
    }
}
