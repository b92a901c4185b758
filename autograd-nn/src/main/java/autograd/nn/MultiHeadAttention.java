package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import org.jspecify.annotations.Nullable;

import java.util.stream.Stream;

/**
 * Attention with several heads: each query becomes a mean of values, weighted by how well it fits their keys,
 * {@code softmax(q k^T / sqrt(d)) v}, in each head by itself. Vaswani et al., NIPS 2017.
 *
 * @param query
 *            projects queries, [width, width]
 * @param key
 *            projects keys
 * @param value
 *            projects values
 * @param out
 *            projects the concatenated outputs of the heads
 * @param heads
 *            how many parts of equal width the projections are cut into
 * @param dropout
 *            applied to the weights of the mean
 */
public record MultiHeadAttention(Dense query, Dense key, Dense value, Dense out, int heads, Dropout dropout)
        implements
            Trainable {
    /** Checks that the shapes fit. */
    public MultiHeadAttention {
        Shape w = query.weight().shape();
        if (heads < 1 || w.dim(0) != w.dim(1) || w.dim(0) % heads != 0
                || !Stream.of(key, value, out).allMatch(d -> d.weight().shape().equals(w)))
            throw new IllegalArgumentException("MultiHeadAttention: weights " + w + ", " + key.weight().shape() + ", "
                    + value.weight().shape() + " and " + out.weight().shape()
                    + " must all be [width, width], with a width that " + heads + " heads can share");
    }

    /** Attention of F32 with Xavier's weights and zero biases. */
    public static MultiHeadAttention of(Rng rng, int width, int heads) {
        return of(DType.F32, rng, width, heads, Init.xavierUniform());
    }

    /** Attention of a dtype with given initial weights and zero biases. */
    public static MultiHeadAttention of(DType dtype, Rng rng, int width, int heads, Init init) {
        return new MultiHeadAttention(Dense.of(dtype, rng, width, width, init),
                Dense.of(dtype, rng, width, width, init), Dense.of(dtype, rng, width, width, init),
                Dense.of(dtype, rng, width, width, init), heads);
    }

    /** Attention without dropout. */
    public MultiHeadAttention(Dense query, Dense key, Dense value, Dense out, int heads) {
        this(query, key, value, out, heads, new Dropout(0));
    }

    /** The same variables, with weights of the mean dropped in training. */
    public MultiHeadAttention dropout(double p) {
        return new MultiHeadAttention(query, key, value, out, heads, new Dropout(p));
    }

    /** Attention of sequences to themselves: [n, length, width]. */
    public Tensor forward(Tensor x) {
        return forward(x, x, x);
    }

    /** Attention of sequences to themselves, where a mask allows it; see {@link Masks#causal(int)}. */
    public Tensor forward(Tensor x, Mask allowed) {
        return forward(x, x, x, allowed);
    }

    /** Attention of every query to every key. */
    public Tensor forward(Tensor q, Tensor k, Tensor v) {
        return forward(q, k, v, null, Pass.unsaid(this, q, k, v));
    }

    /** Attention of queries to keys where a mask allows it, in evaluation. */
    public Tensor forward(Tensor q, Tensor k, Tensor v, Mask allowed) {
        return forward(q, k, v, allowed, Pass.unsaid(this, q, k, v));
    }

    /**
     * Attention of queries to keys where a mask allows it.
     *
     * @param q
     *            queries, [n, queries, width]
     * @param k
     *            keys, [n, keys, width]
     * @param v
     *            values, [n, keys, width]
     * @param allowed
     *            which query may look at which key: broadcasts to [n, heads, queries, keys] and has three axes at
     *            least, because two could be [n, keys] or [queries, keys]; each query needs a key; null for all
     * @param pass
     *            whether this is training or evaluation
     * @return shape [n, queries, width]
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Tensor forward(Tensor q, Tensor k, Tensor v, @Nullable Mask allowed, Pass pass) {
        check(q, k, v);
        Tensor scores = scores(q, k);
        if (allowed != null) {
            check(allowed, scores.shape());
            scores = scores.where(allowed, Double.NEGATIVE_INFINITY);
        }
        Tensor weights = dropout.forward(scores.softmax(-1), pass);
        Tensor found = weights.matmul(split(value.forward(v))); // [n, heads, queries, width / heads]
        return out.forward(found.transpose(1, 2).reshape(q.shape()));
    }

    private static void check(Mask allowed, Shape scores) {
        if (allowed.shape().rank() < 3)
            throw new IllegalArgumentException("MultiHeadAttention: a mask " + allowed.shape()
                    + " could be [n, keys] or "
                    + "[queries, keys]; write Masks.keys(mask) for the first, mask.reshape(1, queries, keys) for the "
                    + "second");
        if (!allowed.shape().broadcastsTo(scores))
            throw new IllegalArgumentException("MultiHeadAttention: the mask " + allowed.shape()
                    + " does not broadcast to " + scores + ", which is [n, heads, queries, keys]");
        if (!allowed.any(-1).all())
            throw new IllegalArgumentException(
                    "MultiHeadAttention: the mask " + allowed.shape() + " leaves a query without any key");
    }

    private Tensor scores(Tensor q, Tensor k) {
        Tensor keys = split(key.forward(k));
        return split(query.forward(q)).matmul(keys.transpose()).div(Math.sqrt(keys.shape().dim(-1)));
    }

    /** [n, length, width] as [n, heads, length, width / heads]. */
    private Tensor split(Tensor x) {
        Shape s = x.shape();
        return x.reshape(s.dim(0), s.dim(1), heads, s.dim(2) / heads).transpose(1, 2);
    }

    private void check(Tensor q, Tensor k, Tensor v) {
        int width = query.weight().shape().dim(0);
        if (q.shape().rank() != 3 || q.shape().dim(2) != width || !k.shape().equals(q.shape().with(1, k.shape().dim(1)))
                || !v.shape().equals(k.shape()))
            throw new IllegalArgumentException("MultiHeadAttention: queries " + q.shape() + ", keys " + k.shape()
                    + " and values " + v.shape() + " must be [n, queries, " + width + "], [n, keys, " + width
                    + "] and as the keys");
    }

    @Override
    public String toString() {
        return Described.of(this, "width " + query.weight().shape().dim(0), heads + " heads",
                dropout.p() == 0 ? "" : "dropout " + dropout.p());
    }
}
