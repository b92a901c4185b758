package autograd.arbitraries;

import autograd.Op.Domain;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Kernels;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Generators of shapes and F64 tensors, for properties of functions of tensors. They shrink to small shapes.
 */
public final class TensorArbitraries {
    /** Elements are multiples of this, plus small offsets that make them all different. */
    private static final double GRID = 1 / 32.0, APART = 1 / 2048.0;
    private static final int WIDEST = 96;

    private TensorArbitraries() {}

    /** How the elements of a tensor lie in storage. */
    private enum Layout {
        CONTIGUOUS, REVERSED_AXES, EVERY_SECOND_BACKWARDS, REPEATED
    }

    /**
     * Small shapes, scalars and empty ones among them.
     *
     * @return shapes of at most 12 elements and 3 axes
     */
    public static Arbitrary<Shape> shapes() { return shapes(0, 3); }

    /**
     * Small shapes, empty ones among them.
     *
     * @param least
     *            number of axes
     * @param most
     *            number of axes
     * @return shapes of at most 12 elements
     */
    public static Arbitrary<Shape> shapes(int least, int most) {
        Arbitrary<Integer> extents = Arbitraries.frequencyOf(Tuple.of(15, integers(1, 4)),
                Tuple.of(1, Arbitraries.just(0)));
        return integers(least, most).flatMap(rank -> extents.list().ofSize(rank))
                .map(dims -> Shape.of(dims.stream().mapToInt(d -> d).toArray())).filter(s -> s.size() <= 12);
    }

    /**
     * Shapes that broadcast against one another.
     *
     * @param n
     *            number of shapes
     * @return lists of n shapes
     */
    public static Arbitrary<List<Shape>> broadcastable(int n) {
        return shapes().flatMap(whole -> part(whole).list().ofSize(n));
    }

    /** The shape itself, or with some axes of extent 1 or some leading axes dropped. */
    private static Arbitrary<Shape> part(Shape whole) {
        Arbitrary<Shape> smaller = Combinators.combine(integers(0, whole.rank()), integers(0, 7)).as((drop, ones) -> {
            int[] dims = Arrays.copyOfRange(whole.dims(), drop, whole.rank());
            for (int i = 0; i < dims.length; i++)
                if ((ones >> i & 1) == 1)
                    dims[i] = 1;
            return Shape.of(dims);
        });
        return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(whole)), Tuple.of(1, smaller));
    }

    /**
     * Tensors of a shape: contiguous ones and views, of different numbers well inside a domain and not at its
     * kinks, with zeros where 0 is allowed.
     *
     * @param shape
     *            the shape
     * @param domain
     *            where the elements may lie
     * @return F64 tensors
     */
    public static Arbitrary<Tensor> tensors(Shape shape, Domain domain) { return tensors(shape, domain, 0, true); }

    /**
     * Tensors as one of several inputs.
     *
     * @param shape
     *            the shape
     * @param domain
     *            where the elements may lie
     * @param input
     *            which input; no two inputs share an element other than 0
     * @param zeros
     *            whether some elements may be 0
     * @return F64 tensors
     */
    public static Arbitrary<Tensor> tensors(Shape shape, Domain domain, int input, boolean zeros) {
        return Combinators.combine(integers(-WIDEST - 12, WIDEST + 12).list().ofSize(shape.size()),
                integers(0, Layout.values().length - 1)).as((steps, layout) -> {
                    double[] values = new double[shape.size()];
                    for (int i = 0; i < values.length; i++)
                        values[i] = element(steps.get(i), (2 * i + input) * APART, domain, zeros);
                    return laidOut(Layout.values()[layout], shape, values);
                });
    }

    private static double element(int step, double apart, Domain domain, boolean zeros) {
        if (zeros && Math.abs(step) > WIDEST && domain.low() < 0 && domain.high() > 0
                && Arrays.stream(domain.kinks()).noneMatch(k -> k == 0))
            return 0;
        double x = Math.clamp(step, -WIDEST, WIDEST) * GRID + apart, reach = WIDEST * GRID;
        if (Double.isFinite(domain.low()) && Double.isFinite(domain.high()))
            return domain.low() + (domain.high() - domain.low()) * (0.5 + 0.45 * x / (reach + 0.1));
        if (Double.isFinite(domain.low()))
            return domain.low() + 0.25 + (x + reach) / 2;
        if (Double.isFinite(domain.high()))
            return domain.high() - 0.25 - (x + reach) / 2;
        for (double kink : domain.kinks())
            if (Math.abs(x - kink) < 0.125)
                x += x < kink ? -0.25 : 0.25;
        return x;
    }

    private static Tensor laidOut(Layout layout, Shape shape, double[] values) {
        Tensor plain = Tensor.of(DType.F64, values, shape.dims());
        int rank = shape.rank();
        return switch (layout) {
            case CONTIGUOUS -> plain;
            case REVERSED_AXES -> {
                int[] back = IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
                NdArray turned = Kernels.get().copy(plain.array().permute(back));
                yield Tensor.of(turned.permute(back));
            }
            case EVERY_SECOND_BACKWARDS -> {
                int[] dims = shape.dims(), step = new int[rank];
                Arrays.fill(step, -2);
                int[] begin = IntStream.of(dims).map(d -> 2 * d).toArray();
                Shape around = Shape.of(IntStream.of(dims).map(d -> 2 * d + 1).toArray());
                NdArray all = Kernels.get().full(DType.F64, around, Double.NaN); // what lies between must not be read
                NdArray view = all.view(all.layout().slice(begin, dims, step));
                Kernels.get().write(view, plain.array());
                yield Tensor.of(view);
            }
            case REPEATED -> rank == 0 || shape.size() == 0
                    ? plain
                    : Tensor.of(plain.slice(0, 0, 1).array().broadcastTo(shape));
        };
    }

    /**
     * Integers, all equally likely: jqwik's own preference for small and extreme ones would make ties.
     *
     * @param least
     *            included
     * @param most
     *            included
     * @return integers that shrink towards 0
     */
    public static Arbitrary<Integer> integers(int least, int most) {
        return Arbitraries.integers().between(least, most).withDistribution(net.jqwik.api.RandomDistribution.uniform())
                .withoutEdgeCases();
    }
}
