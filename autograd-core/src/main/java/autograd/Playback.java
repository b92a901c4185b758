package autograd;

import org.jspecify.annotations.Nullable;

/**
 * Reverse mode: goes through the list once, from the result back, and at each node hands the inputs their
 * shares of the cotangent of its output. A node comes after its inputs on the list, so when it is its turn,
 * all shares of its cotangent have been added up.
 */
sealed class Playback permits RecyclingPlayback {
    private final Recording recording;
    private final OpenTape tape;
    private final boolean keep;
    private final Gradients gradients;
    /** The cotangent of each node's output, by index; null where the result does not depend on it. */
    @Nullable
    Tensor[] cotangents = {};

    /** Plays a tape back once, and lets go of the nodes it passes, unless they are needed again. */
    Playback(OpenTape tape, boolean persistent, Gradients gradients) {
        this.recording = tape.recording;
        this.tape = tape;
        this.keep = persistent || tape.around != null;
        this.gradients = gradients;
    }

    /** Finds the gradients of a node's output, given its cotangent. */
    Gradients play(Node last, Tensor g) {
        cotangents = new Tensor[last.index() + 1];
        add(last, g);
        for (int i = last.index(); i >= 0; i--)
            if (cotangents[i] != null)
                pass(recording.node(i), cotangents[i]);
        return gradients;
    }

    private void pass(Node node, Tensor g) {
        boolean leaf = node.isLeaf() || !tape.holds(node), kept = gradients.reached(node, g, leaf);
        if (!leaf) {
            node.checkUnchanged();
            share(node, g);
            if (!keep)
                recording.forget(node);
        }
        done(node.index(), kept);
    }

    /** The chain rule: each input of a node gets its share of the cotangent of the output. */
    void share(Node node, Tensor g) {
        Tensor[] in = node.in();
        boolean[] wanted = new boolean[in.length];
        for (int k = 0; k < in.length; k++)
            wanted[k] = nodeOf(in[k]) != null;
        Tensor[] shares = rule(node.op(), wanted, g, in, node.output());
        for (int k = 0; k < in.length; k++)
            if (wanted[k])
                add(nodeOf(in[k]), shares[k] = unbroadcast(node, k, in[k], shares[k]));
        tape.recorder.played(node, g, shares);
    }

    Tensor[] rule(Op op, boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
        Tensor[] shares = op.vjps(wanted, g, in, y);
        if (shares.length != in.length)
            throw new IllegalStateException("the rule of " + op.name() + " gave " + shares.length + " cotangents for "
                    + in.length + " inputs");
        return shares;
    }

    /** An input that was repeated by broadcasting gets the sum of its copies' cotangents. */
    static Tensor unbroadcast(Node node, int k, Tensor input, @Nullable Tensor share) {
        checkShare(node, k, input, share);
        return share.sumTo(input.shape());
    }

    private static void checkShare(Node node, int k, Tensor input, @Nullable Tensor share) {
        if (share == null || share.dtype() != input.dtype()
                || !share.shape().equals(input.shape()) && !input.shape().broadcastsTo(share.shape()))
            throw new IllegalStateException("the rule of " + node.op().name() + " gave "
                    + (share == null ? "nothing" : "a cotangent " + share.shape() + " " + share.dtype()) + " for input "
                    + k + " " + input.shape() + " " + input.dtype() + " of output " + node.output().shape());
    }

    /** Adds a share to the cotangent of a node's output. */
    void add(Node node, Tensor share) {
        Tensor sum = cotangents[node.index()];
        cotangents[node.index()] = sum == null ? share : sum.add(share);
    }

    /** A node has had its turn; its cotangent is kept if it is one of the gradients. */
    void done(int index, boolean kept) {
        cotangents[index] = null;
    }

    /** The node of an input; null for a constant, and where no gradient that was asked for depends on it. */
    @Nullable
    final Node nodeOf(Tensor input) {
        Node node = recording.nodeOf(input);
        return node == null || gradients.needs(node) ? node : null;
    }
}
