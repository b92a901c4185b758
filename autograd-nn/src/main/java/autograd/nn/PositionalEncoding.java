package autograd.nn;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

/**
 * Tells attention where elements of a sequence stand: {@code y[.., position, :] = x[.., position, :] +
 * table[position, :]}. Vaswani et al., NIPS 2017.
 *
 * @param table
 *            a vector for each position, [longest, width]; a {@link Variable} if it is learned
 */
public record PositionalEncoding(Tensor table) implements Layer {
    private static final double BASE = 10000, STDDEV = 0.02;

    /** Checks the shape. */
    public PositionalEncoding {
        if (table.shape().rank() != 2)
            throw new IllegalArgumentException(
                    "PositionalEncoding: the table " + table.shape() + " must be [longest, width]");
    }

    /** Waves of F32; see {@link #sinusoidal(DType, int, int)}. */
    public static PositionalEncoding sinusoidal(int longest, int width) {
        return sinusoidal(DType.F32, longest, width);
    }

    /**
     * Waves from fast to slow: {@code table[p, 2 i] = sin(p / 10000^(2 i / width))}, and its cosine at
     * {@code 2 i + 1}.
     */
    public static PositionalEncoding sinusoidal(DType dtype, int longest, int width) {
        double[] table = new double[Shape.of("PositionalEncoding", longest, width).size()];
        for (int k = 0; k < table.length; k++) {
            int position = k / width, i = k % width;
            double angle = position / Math.pow(BASE, (i - i % 2) / (double) width);
            table[k] = i % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        }
        return new PositionalEncoding(Tensor.of(dtype, table, longest, width));
    }

    /** Vectors of F32 to be learned; normal, with standard deviation 0.02. */
    public static PositionalEncoding learned(Rng rng, int longest, int width) {
        return learned(DType.F32, rng, longest, width, Init.normal(STDDEV));
    }

    /** Vectors of a dtype to be learned, with given initial values. */
    public static PositionalEncoding learned(DType dtype, Rng rng, int longest, int width, Init init) {
        return new PositionalEncoding(new Variable("table", init.draw(dtype, rng, longest, width)));
    }

    /** Sequences [.., length, width] keep their shape. */
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Shape s = x.shape(), t = table.shape();
        if (s.rank() < 2 || s.dim(-1) != t.dim(1) || s.dim(-2) > t.dim(0))
            throw new IllegalArgumentException("PositionalEncoding: the input has shape " + s
                    + ", it must be [.., length, " + t.dim(1) + "] with a length of at most " + t.dim(0));
        return x.add(table.slice(0, 0, s.dim(-2)));
    }

    @Override
    public String toString() { return Described.of(this, table.shape().dim(0) + " positions", table.shape().dim(1)); }
}
