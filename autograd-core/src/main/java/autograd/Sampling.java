package autograd;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.array.Storage;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/** Draws from distributions, element by element. */
final class Sampling {
    /** How far from 1 the sum of probabilities may be: F32 rounds each, and there may be many. */
    private static final double ROUNDING = 1e-3;

    private Sampling() {}

    /** Fills a new array with draws. */
    static NdArray draw(DType dtype, Shape shape, DoubleSupplier next) {
        NdArray y = NdArray.zeros(dtype, shape);
        Storage s = y.storage();
        for (int i = 0; i < s.size(); i++)
            s.set(i, next.getAsDouble());
        return y;
    }

    /** Of each row of probabilities one position, by one draw. */
    static IntTensor categorical(Rng rng, Tensor probabilities) {
        Shape shape = probabilities.shape();
        int rank = shape.rank(), classes = rank == 0 ? 0 : shape.dim(-1);
        if (classes == 0)
            throw new IllegalArgumentException(
                    "categorical: probabilities of shape " + shape + " have no last axis with classes");
        double[] p = probabilities.toDoubleArray();
        double[] sums = new double[p.length / classes];
        for (int row = 0; row < sums.length; row++)
            sums[row] = sum(p, row * classes, classes);
        int[] drawn = new int[sums.length];
        for (int row = 0; row < drawn.length; row++)
            drawn[row] = position(p, row * classes, classes, rng.nextDouble() * sums[row]);
        return IntTensor.of(drawn, Shape.of(Arrays.copyOf(shape.dims(), rank - 1)));
    }

    private static double sum(double[] p, int begin, int n) {
        double sum = 0;
        for (int i = begin; i < begin + n; i++) {
            if (!(p[i] >= 0))
                throw new IllegalArgumentException(
                        "categorical: " + p[i] + " is not a probability; if these are logits, "
                                + "use softmax(-1) first");
            sum += p[i];
        }
        if (!(Math.abs(sum - 1) <= ROUNDING))
            throw new IllegalArgumentException("categorical: the probabilities of a row sum to " + sum + ", not 1; "
                    + "divide them by their sum, or use softmax(-1) if these are logits");
        return sum;
    }

    /** Where the cumulative sum first exceeds a number; a position of probability 0 never. */
    private static int position(double[] p, int begin, int n, double u) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < n; i++) {
            if (p[begin + i] == 0)
                continue;
            last = i;
            sum += p[begin + i];
            if (u < sum)
                break;
        }
        return last;
    }

    static Mask bernoulli(Rng rng, Tensor p) {
        double[] probabilities = p.toDoubleArray();
        for (double each : probabilities)
            checkProbability(each);
        return Mask.of(i -> rng.nextDouble() < probabilities[i], p.shape());
    }

    static Mask bernoulli(Rng rng, double p, Shape shape) {
        checkProbability(p);
        return Mask.of(_ -> rng.nextDouble() < p, shape);
    }

    private static void checkProbability(double p) {
        if (!(p >= 0 && p <= 1))
            throw new IllegalArgumentException(
                    "bernoulli: " + p + " is not a probability from 0 to 1; if it is a logit, "
                            + "use sigmoid() first");
    }

    /** The inverse of the distribution function e^(-e^-x), at a number strictly between 0 and 1. */
    static double gumbel(Rng rng) {
        double u = ((rng.nextLong() >>> 12) + 0.5) * 0x1p-52;
        return -Math.log(-Math.log(u));
    }

    static Tensor gamma(Rng rng, Tensor alpha) {
        double[] shapes = alpha.toDoubleArray();
        for (double a : shapes)
            if (!(a > 0) || Double.isInfinite(a))
                throw new IllegalArgumentException("gamma: alpha is " + a + ": it must be a positive number");
        int[] next = new int[1];
        return new Tensor(draw(alpha.dtype(), alpha.shape(), () -> gamma(rng, shapes[next[0]++])), Origin.DRAWN);
    }

    /** Marsaglia and Tsang's squeeze; below 1 a draw for a + 1 is scaled by u^(1/a). */
    private static double gamma(Rng rng, double a) {
        if (a < 1)
            return gamma(rng, a + 1) * Math.pow(1 - rng.nextDouble(), 1 / a);
        double d = a - 1 / 3.0, c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = rng.nextGaussian(), root = 1 + c * x, v = root * root * root;
            if (v > 0 && Math.log(1 - rng.nextDouble()) < x * x / 2 + d * (1 - v + Math.log(v)))
                return d * v;
        }
    }
}
