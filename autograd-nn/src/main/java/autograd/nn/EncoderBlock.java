package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

import org.jspecify.annotations.Nullable;

import java.util.function.UnaryOperator;

/**
 * A block of a transformer's encoder: attention of sequences to themselves, then a perceptron at each
 * position, each added to its input and normalized. Vaswani et al., NIPS 2017; normalization first, which is
 * easier to train, as in Xiong et al., ICML 2020.
 *
 * @param attention
 *            of sequences to themselves
 * @param attentionNorm
 *            normalizes the sum after the sublayer, or its input before it
 * @param perceptron
 *            from width to width
 * @param perceptronNorm
 *            normalizes the sum after the sublayer, or its input before it
 * @param dropout
 *            applied to each summand; {@code of} also sets it in the attention, as PyTorch does
 * @param normFirst
 *            {@code x + f(norm(x))} instead of {@code norm(x + f(x))}
 */
public record EncoderBlock(MultiHeadAttention attention, LayerNorm attentionNorm, Layer perceptron,
        LayerNorm perceptronNorm, Dropout dropout, boolean normFirst) implements Layer {
    /** A block of F32 that normalizes last, with a perceptron of one hidden layer and rectifiers. */
    public static EncoderBlock of(Rng rng, int width, int heads, int hidden, double dropout) {
        return of(DType.F32, rng, width, heads, hidden, dropout, false);
    }

    /**
     * A block of a dtype, with Xavier's weights, zero biases, and a perceptron of one hidden layer and
     * rectifiers.
     */
    public static EncoderBlock of(DType dtype, Rng rng, int width, int heads, int hidden, double dropout,
            boolean normFirst) {
        return new EncoderBlock(MultiHeadAttention.of(dtype, rng, width, heads, Init.xavierUniform()).dropout(dropout),
                LayerNorm.of(dtype, width), perceptron(dtype, rng, width, hidden, dropout),
                LayerNorm.of(dtype, width), new Dropout(dropout), normFirst);
    }

    static Layer perceptron(DType dtype, Rng rng, int width, int hidden, double dropout) {
        return Sequential.of(Dense.of(dtype, rng, width, hidden, Init.xavierUniform()), Activation.RELU,
                new Dropout(dropout), Dense.of(dtype, rng, hidden, width, Init.xavierUniform()));
    }

    /** Sequences [n, length, width] keep their shape. */
    @Override
    public Tensor forward(Tensor x, Pass pass) { return forward(x, null, pass); }

    /**
     * Sequences where not every position may look at every other.
     *
     * @param x
     *            shape [n, length, width]
     * @param allowed
     *            broadcasts to [n, heads, length, length], see {@link Masks#keys}; null for all
     * @param pass
     *            whether this is training or evaluation
     * @return the shape of x
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Tensor forward(Tensor x, @Nullable Mask allowed, Pass pass) {
        check("EncoderBlock", x, attentionNorm);
        Tensor h = around(x, attentionNorm, pass, q -> attention.forward(q, q, q, allowed, pass));
        return around(h, perceptronNorm, pass, in -> perceptron.forward(in, pass));
    }

    private Tensor around(Tensor x, LayerNorm norm, Pass pass, UnaryOperator<Tensor> f) {
        return around(x, norm, dropout, normFirst, pass, f);
    }

    /** The input plus a function of it, normalized last or first. */
    static Tensor around(Tensor x, LayerNorm norm, Dropout dropout, boolean first, Pass pass,
            UnaryOperator<Tensor> f) {
        Tensor change = dropout.forward(f.apply(first ? norm.forward(x, pass) : x), pass);
        return first ? x.add(change) : norm.forward(x.add(change), pass);
    }

    static void check(String block, Tensor x, LayerNorm norm) {
        int width = norm.weight().size();
        if (x.shape().rank() != 3 || x.shape().dim(2) != width)
            throw new IllegalArgumentException(
                    block + ": the input has shape " + x.shape() + ", it must be [n, length, " + width + "]");
    }

    @Override
    public String toString() {
        return Described.of(this, "width " + attentionNorm.weight().size(),
                attention.heads() + " heads");
    }
}
