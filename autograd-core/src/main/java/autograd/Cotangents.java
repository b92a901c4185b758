package autograd;

import autograd.array.Scope;

import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

/**
 * The cotangents of one playback, by the position of the line whose output they belong to. If nobody watches
 * or records the playback, buffers that only it knows are used again as soon as their last reader is done.
 */
final class Cotangents implements AutoCloseable {
    private final Recording recording;
    private final @Nullable Scope scope;
    private @Nullable Tensor[] sums = new Tensor[0];
    /** Which sums were made here, so that nobody else has seen them yet. */
    private boolean[] own = new boolean[0];

    Cotangents(Recording recording, boolean recycle) {
        this.recording = recording;
        scope = recycle ? Scope.tidying() : null;
    }

    /** The cotangent of a line's output, complete once all later lines were played; null on a dead branch. */
    @Nullable
    Tensor of(int line) { return sums[line]; }

    /** Hands the inputs of a line their shares of its output's cotangent. */
    void play(Node node, Tensor g, Recorder recorder) {
        int mark = scope == null ? 0 : scope.mark();
        if (scope == null || isForeign(node.op()))
            playAny(node, g, recorder);
        else
            playOurs(node, g);
        if (scope != null)
            scope.releaseFrom(mark);
    }

    private void playAny(Node node, Tensor g, Recorder recorder) {
        Tensor[] in = node.in();
        boolean[] wanted = new boolean[in.length];
        for (int k = 0; k < in.length; k++)
            wanted[k] = recording.nodeOf(in[k]) != null;
        Tensor[] shares = shares(node.op(), wanted, g, in, node.output());
        for (int k = 0; k < in.length; k++)
            if (wanted[k])
                add(recording.nodeOf(in[k]), shares[k] = unbroadcast(node, k, in[k], shares[k]));
        recorder.played(node, g, shares);
    }

    /** The same where nobody looks on: rules of functions are called as {@code vjps} does, without its arrays. */
    private void playOurs(Node node, Tensor g) {
        Tensor y = node.output();
        if (node.op() instanceof Elementwise.Map2 f) {
            Tensor a = node.first(), b = node.second();
            Node toA = recording.nodeOf(a), toB = recording.nodeOf(b);
            if (toA != null)
                add(toA, unbroadcast(node, 0, a, f.vjpA(g, a, b, y)));
            if (toB != null)
                add(toB, unbroadcast(node, 1, b, f.vjpB(g, a, b, y)));
        } else if (node.op() instanceof Elementwise.Map1 f) {
            Tensor x = node.first();
            Node toX = recording.nodeOf(x);
            if (toX != null)
                add(toX, unbroadcast(node, 0, x, f.vjp(g, x, y)));
        } else {
            playAny(node, g, Recorder.NONE);
        }
    }

    private Tensor[] shares(Op op, boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        boolean foreign = scope != null && isForeign(op);
        if (foreign) {
            scope.hold(g.array());
            scope.suspend();
        }
        try {
            Tensor[] shares = op.vjps(wanted, g, in, y);
            if (shares.length != in.length)
                throw new IllegalStateException("the rule of " + op.name() + " gave " + shares.length
                        + " cotangents for " + in.length + " inputs");
            return shares;
        } finally {
            if (foreign)
                scope.resume();
        }
    }

    /**
     * Whether an op is a user's or calls a user's code, which might keep what a rule gets or makes. Sums and
     * products, which graphs of single numbers are full of, are told without a look at names, which is slow.
     */
    private static boolean isForeign(Op op) {
        Class<?> c = op.getClass();
        return c != Elementwise.Add.class && c != Elementwise.Mul.class
                && (op instanceof GradientFlow.Foreign || !c.getPackageName().equals("autograd"));
    }

    /** An input that was repeated by broadcasting gets the sum of its copies' cotangents. */
    private static Tensor unbroadcast(Node node, int k, Tensor input, @Nullable Tensor share) {
        if (share == null || share.dtype() != input.dtype()
                || !share.shape().equals(input.shape()) && !input.shape().broadcastsTo(share.shape()))
            throw new IllegalStateException("the rule of " + node.op().name() + " gave "
                    + (share == null ? "nothing" : "a cotangent " + share.shape() + " " + share.dtype()) + " for input "
                    + k + " " + input.shape() + " " + input.dtype() + " of output " + node.output().shape());
        return share.sumTo(input.shape());
    }

    /** Adds a share to the cotangent of a line's output. */
    void add(Node node, Tensor share) {
        int line = node.index();
        if (line >= sums.length) { // the result is the last line that gets one
            sums = new Tensor[line + 1];
            own = new boolean[line + 1];
        }
        Tensor old = sums[line];
        if (scope != null && own[line]) {
            Kernels.get().accumulate(old.array(), share.array());
            return;
        }
        Tensor sum = old == null ? share : old.add(share);
        if (scope != null)
            scope.hold(sum.array());
        if (old != null) {
            drop(line);
            own[line] = true;
        }
        sums[line] = sum;
    }

    /** Lets go of a cotangent that was used, or replaced. */
    void drop(int line) {
        if (scope != null)
            scope.drop(sums[line].array());
        sums[line] = null;
    }

    @Override
    public void close() {
        if (scope != null)
            scope.close();
    }
}
