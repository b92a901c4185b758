package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

import org.jspecify.annotations.Nullable;

import java.util.function.UnaryOperator;

/**
 * A block of a transformer's decoder: attention of sequences to themselves as far as they are written, then
 * to what an encoder made, the memory, then a perceptron at each position. Each is added to its input and
 * normalized. Vaswani et al., NIPS 2017.
 *
 * @param attention
 *            of sequences to themselves; it never looks ahead
 * @param attentionNorm
 *            normalizes the sum after the sublayer, or its input before it
 * @param cross
 *            attention of sequences to the memory
 * @param crossNorm
 *            normalizes the sum after the sublayer, or its input before it
 * @param perceptron
 *            from width to width
 * @param perceptronNorm
 *            normalizes the sum after the sublayer, or its input before it
 * @param dropout
 *            applied to each summand; {@code of} also sets it in both attentions, as PyTorch does
 * @param normFirst
 *            {@code x + f(norm(x))} instead of {@code norm(x + f(x))}
 */
public record DecoderBlock(MultiHeadAttention attention, LayerNorm attentionNorm, MultiHeadAttention cross,
        LayerNorm crossNorm, Layer perceptron, LayerNorm perceptronNorm, Dropout dropout, boolean normFirst)
        implements
            Trainable {
    /** A block of F32 that normalizes last, with a perceptron of one hidden layer and rectifiers. */
    public static DecoderBlock of(Rng rng, int width, int heads, int hidden, double dropout) {
        return of(DType.F32, rng, width, heads, hidden, dropout, false);
    }

    /**
     * A block of a dtype, with Xavier's weights, zero biases, and a perceptron of one hidden layer and
     * rectifiers.
     */
    public static DecoderBlock of(DType dtype, Rng rng, int width, int heads, int hidden, double dropout,
            boolean normFirst) {
        return new DecoderBlock(MultiHeadAttention.of(dtype, rng, width, heads, Init.xavierUniform()).dropout(dropout),
                LayerNorm.of(dtype, width),
                MultiHeadAttention.of(dtype, rng, width, heads, Init.xavierUniform()).dropout(dropout),
                LayerNorm.of(dtype, width), EncoderBlock.perceptron(dtype, rng, width, hidden, dropout),
                LayerNorm.of(dtype, width), new Dropout(dropout), normFirst);
    }

    /** Sequences [n, length, width] and a memory [n, keys, width], both without padding. */
    public Tensor forward(Tensor x, Tensor memory, Pass pass) {
        return forward(x, memory, null, null, pass);
    }

    /**
     * Sequences and a memory with padding.
     *
     * @param x
     *            shape [n, length, width]
     * @param memory
     *            shape [n, keys, width]
     * @param kept
     *            false where x is padding, [n, length]; not at the beginning; null for nowhere
     * @param memoryKept
     *            false where the memory is padding, [n, keys]; not everywhere; null for nowhere
     * @param pass
     *            whether this is training or evaluation
     * @return the shape of x
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Tensor forward(Tensor x, Tensor memory, @Nullable Mask kept, @Nullable Mask memoryKept, Pass pass) {
        EncoderBlock.check("DecoderBlock", x, attentionNorm);
        if (!memory.shape().equals(x.shape().with(1, memory.shape().rank() == 3 ? memory.shape().dim(1) : 0)))
            throw new IllegalArgumentException("DecoderBlock: the memory " + memory.shape()
                    + " must be [n, keys, width], with n and width of the input " + x.shape());
        Mask causal = kept == null ? Masks.causal(x.shape().dim(1)) : Masks.causal(kept);
        Mask there = memoryKept == null ? null : Masks.keys(memoryKept);
        Tensor h = around(x, attentionNorm, pass, q -> attention.forward(q, q, q, causal, pass));
        h = around(h, crossNorm, pass, q -> cross.forward(q, memory, memory, there, pass));
        return around(h, perceptronNorm, pass, in -> perceptron.forward(in, pass));
    }

    private Tensor around(Tensor x, LayerNorm norm, Pass pass, UnaryOperator<Tensor> f) {
        return EncoderBlock.around(x, norm, dropout, normFirst, pass, f);
    }

    @Override
    public String toString() {
        return Described.of(this, "width " + attentionNorm.weight().size(),
                attention.heads() + " heads");
    }
}
