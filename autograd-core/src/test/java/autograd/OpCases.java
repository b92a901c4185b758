package autograd;

import static autograd.arbitraries.TensorArbitraries.broadcastable;
import static autograd.arbitraries.TensorArbitraries.integers;
import static autograd.arbitraries.TensorArbitraries.shapes;
import static autograd.arbitraries.TensorArbitraries.tensors;
import static java.util.Map.entry;

import autograd.array.DType;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Axis;
import autograd.kernels.Convolution.Part;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The operations to test. Reflection finds every op record nested in a family.
 *
 * <p>
 * A {@code Map1} or {@code Map2} record without components needs no entry: its inputs are drawn from its
 * {@link Op#domain}. Any other record has a line in {@link #TABLE} that makes the op and inputs of suitable
 * shapes.
 */
final class OpCases {
    private OpCases() {}

    /** One line for each op with parameters or with constraints on the shapes of its inputs. */
    private static final Map<Class<? extends Op>, Arbitrary<OpCase>> TABLE = Map.ofEntries(
            entry(Functions.PowScalar.class,
                    Arbitraries.of(-1.5, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0).map(Functions.PowScalar::new)
                            .flatMap(op -> elementwise(op, 1))),
            entry(Elementwise.Where.class, broadcastable(3).flatMap(s -> masks(s.get(2))
                    .flatMap(m -> inputs(new Elementwise.Where(m), s.subList(0, 2))))),
            entry(Trigonometry.TanhVjp.class,
                    shapes().flatMap(s -> inputs(new Trigonometry.TanhVjp(), List.of(s, s, s)))),
            entry(Activations.SigmoidVjp.class, shapes().flatMap(s -> inputs(new Activations.SigmoidVjp(),
                    List.of(s, s, s)))),
            entry(Elementwise.To.class, elementwise(new Elementwise.To(DType.F64), 1)),
            entry(Elementwise.Clamp.class, elementwise(new Elementwise.Clamp(-1, 1.5), 1)),
            entry(Activations.LeakyRelu.class, elementwise(new Activations.LeakyRelu(0.1), 1)),
            entry(Activations.Elu.class, elementwise(new Activations.Elu(1.3), 1)),
            entry(Reduction.Sum.class, reduction(shapes(), Reduction.Sum::new)),
            entry(Reduction.Max.class, reduction(shapes().filter(s -> s.size() > 0), Reduction.Max::new)),
            entry(Reduction.Min.class, reduction(shapes().filter(s -> s.size() > 0), Reduction.Min::new)),
            entry(Reduction.LogSumExp.class, reduction(shapes().filter(s -> s.size() > 0), Reduction.LogSumExp::new)),
            entry(Reduction.Norm.class, Arbitraries.of(2.0, 3.0).flatMap(p -> reduction(
                    shapes().filter(s -> s.size() > 0), (axes, keep) -> new Reduction.Norm(p, axes, keep)))),
            entry(Reduction.Cumsum.class, alongAxis(shapes(1, 3), (s, axis) -> booleans()
                    .flatMap(reverse -> unary(s, new Reduction.Cumsum(axis, reverse))))),
            entry(Movement.Reshape.class, with(shapes(), OpCases::reshapes)),
            entry(Movement.Permute.class, with(shapes(), OpCases::permutations)),
            entry(Movement.BroadcastTo.class, broadcast((part, whole) -> unary(part, new Movement.BroadcastTo(whole)))),
            entry(Movement.SumTo.class, broadcast((part, whole) -> unary(whole, new Movement.SumTo(part)))),
            entry(Movement.Slice.class, slices((s, whole) -> unary(whole, s))),
            entry(Movement.Unslice.class, slices((s, whole) -> unary(Shape.of(s.count()),
                    new Movement.Unslice(s.begin(), s.step(), whole)))),
            entry(Joining.Concat.class, alongAxis(shapes(1, 3), (s, axis) -> integers(0, 3).list().ofMinSize(1)
                    .ofMaxSize(3).flatMap(extents -> inputs(new Joining.Concat(axis),
                            extents.stream().map(d -> s.with(axis, d)).toList())))),
            entry(Indexing.Gather.class, indices((axis, index, whole) -> unary(whole,
                    new Indexing.Gather(axis, index)))),
            entry(Indexing.ScatterAdd.class, indices((axis, index, whole) -> unary(index.shape(),
                    new Indexing.ScatterAdd(axis, index, whole)))),
            entry(LinearAlgebra.MatMul.class, Combinators.combine(booleans(), booleans())
                    .as(LinearAlgebra.MatMul::new).flatMap(op -> product(op, op.transposeA(), op.transposeB()))),
            entry(LinearAlgebra.ZmatMul.class, Combinators.combine(booleans(), booleans(), integers(0, 1))
                    .as(LinearAlgebra.ZmatMul::new).flatMap(op -> product(op, op.transposeA(), op.transposeB()))),
            entry(LinearAlgebra.Solve.class, systems(new LinearAlgebra.Solve())),
            entry(LinearAlgebra.PackedSlogdet.class, systems(new LinearAlgebra.PackedSlogdet())),
            entry(LinearAlgebra.Cholesky.class, systems(new LinearAlgebra.Cholesky())),
            entry(Windows.Unfold.class, windows((axis, size, step, dilation, count, whole, folded) -> unary(whole,
                    new Windows.Unfold(axis, count, size, step, dilation)))),
            entry(Windows.Fold.class, windows((axis, size, step, dilation, count, whole, folded) -> unary(folded,
                    new Windows.Fold(axis, step, dilation, whole.dim(axis))))),
            entry(Windows.Conv2d.class, convolutions(Windows.Conv2d::new, Part.IMAGE, Part.KERNEL)),
            entry(Windows.ConvTranspose2d.class, convolutions(Windows.ConvTranspose2d::new, Part.KERNEL, Part.OUTPUT)),
            entry(Windows.Conv2dKernel.class, convolutions(Windows.Conv2dKernel::new, Part.IMAGE, Part.OUTPUT)),
            entry(Normalization.Standardize.class, reduction(shapes().filter(s -> s.size() > 0),
                    (axes, _) -> new Normalization.Standardize(1e-2, axes))),
            entry(Normalization.RootMeanSquare.class, reduction(shapes().filter(s -> s.size() > 0),
                    (axes, _) -> new Normalization.RootMeanSquare(1e-2, axes))),
            entry(Normalization.RmsNormalize.class, reduction(shapes().filter(s -> s.size() > 0),
                    (axes, _) -> new Normalization.RmsNormalize(1e-2, axes))),
            entry(Normalization.SoftmaxCrossEntropy.class, shapes(1, 3).flatMap(s -> inputs(
                    new Normalization.SoftmaxCrossEntropy(), List.of(s, s)))),
            entry(Normalization.SparseSoftmaxCrossEntropy.class, shapes(1, 3).filter(s -> s.size() > 0)
                    .flatMap(s -> labels(s).flatMap(l -> unary(s, new Normalization.SparseSoftmaxCrossEntropy(l))))),
            entry(Normalization.SparseSoftmaxCrossEntropyVjp.class, shapes(1, 3).filter(s -> s.size() > 0)
                    .flatMap(s -> labels(s).flatMap(l -> inputs(new Normalization.SparseSoftmaxCrossEntropyVjp(l),
                            List.of(l.shape(), s))))),
            entry(GradientFlow.Identity.class, elementwise(new GradientFlow.Identity(), 1)),
            entry(GradientFlow.OnGradient.class, elementwise(new GradientFlow.OnGradient(g -> g), 1)),
            entry(GradientFlow.CustomVjp.class, elementwise(new GradientFlow.CustomVjp(in -> in[0].mul(in[1]),
                    (g, in, y) -> new Tensor[]{g.zmul(in[1]), g.zmul(in[0])}), 2)),
            entry(GradientFlow.Checkpoint.class,
                    elementwise(new GradientFlow.Checkpoint(in -> in[0].mul(in[1]).tanh(), 2), 2)),
            entry(Normalization.Softmax.class, alongAxis(shapes(1, 3),
                    (s, axis) -> unary(s, new Normalization.Softmax(axis)))),
            entry(Normalization.LogSoftmax.class, alongAxis(shapes(1, 3),
                    (s, axis) -> unary(s, new Normalization.LogSoftmax(axis)))));

    // ---- the operations

    /** All op records nested in the families, in the order of their names. */
    static List<Class<? extends Op>> all() {
        return Stream.of(Operand.class.getPermittedSubclasses()).flatMap(f -> Stream.of(f.getDeclaredClasses()))
                .filter(c -> Op.class.isAssignableFrom(c) && !Modifier.isAbstract(c.getModifiers()))
                .<Class<? extends Op>>map(c -> c.asSubclass(Op.class)).sorted(Comparator.comparing(Class::getName))
                .toList();
    }

    /** Operations with inputs, for one op record. */
    static Arbitrary<OpCase> of(Class<? extends Op> op) {
        if (TABLE.containsKey(op))
            return TABLE.get(op);
        if (!op.isRecord() || op.getRecordComponents().length > 0 || !isMap(op))
            throw new AssertionError(op.getSimpleName() + " has no case: " + (op.isRecord()
                    ? "it has parameters or is not element by element, so add a line to the table in OpCases.java:\n"
                            + "    entry(" + op.getDeclaringClass().getSimpleName() + "." + op.getSimpleName()
                            + ".class, <generator of an op and its inputs>),"
                    : "an op in a family must be a record"));
        try {
            Op instance = op.getDeclaredConstructor().newInstance();
            return elementwise(instance, instance instanceof Op.Unary ? 1 : 2);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(op + " cannot be made", e);
        }
    }

    /** Operations with inputs, for all op records of a kind. */
    static Arbitrary<OpCase> of(List<Class<? extends Op>> ops) {
        return Arbitraries.of(ops).flatMap(OpCases::of);
    }

    /** Whether each element of the output depends only on the same elements of the inputs. */
    static boolean isElementwise(Class<?> op) {
        return isMap(op) || op == Elementwise.Where.class || op == Elementwise.To.class;
    }

    private static boolean isMap(Class<?> op) {
        return Elementwise.Map1.class.isAssignableFrom(op) || Elementwise.Map2.class.isAssignableFrom(op);
    }

    // ---- making cases

    /** An operation with inputs of given shapes, zeros in at most one of them. */
    private static Arbitrary<OpCase> inputs(Op op, List<Shape> shapes) {
        return integers(0, shapes.size()).flatMap(zeros -> Combinators
                .combine(IntStream.range(0, shapes.size())
                        .mapToObj(i -> tensors(shapes.get(i), op.domain(i), i, i == zeros)).toList())
                .as(in -> new OpCase(op, in)));
    }

    private static Arbitrary<OpCase> unary(Shape shape, Op op) { return inputs(op, List.of(shape)); }

    private static Arbitrary<OpCase> elementwise(Op op, int n) { return broadcastable(n).flatMap(s -> inputs(op, s)); }

    private static Arbitrary<OpCase> with(Arbitrary<Shape> shapes, Function<Shape, Arbitrary<? extends Op>> ops) {
        return shapes.flatMap(s -> ops.apply(s).flatMap(op -> unary(s, op)));
    }

    private static Arbitrary<OpCase> reduction(Arbitrary<Shape> shapes, BiFunction<int[], Boolean, Op> op) {
        return with(shapes, s -> Combinators.combine(integers(1, 7), booleans()).as((set, keepDims) -> {
            int[] axes = IntStream.range(0, s.rank()).filter(i -> (set >> i & 1) == 1).toArray();
            return op.apply(axes.length == 0 ? s.axes("case") : axes, keepDims); // as the methods do: none means all
        }));
    }

    private static Arbitrary<OpCase> alongAxis(Arbitrary<Shape> shapes,
            BiFunction<Shape, Integer, Arbitrary<OpCase>> make) {
        return shapes.flatMap(s -> integers(0, s.rank() - 1).flatMap(axis -> make.apply(s, axis)));
    }

    private static Arbitrary<Movement.Reshape> reshapes(Shape s) {
        int[] dims = s.dims();
        return integers(0, 3).map(way -> new Movement.Reshape(switch (way) {
            case 0 -> Shape.of(s.size());
            case 1 -> Shape.of(IntStream.concat(IntStream.of(1), IntStream.of(dims)).toArray());
            case 2 -> Shape.of(IntStream.rangeClosed(1, dims.length).map(i -> dims[dims.length - i]).toArray());
            default -> s.size() % 2 == 0 ? Shape.of(2, s.size() / 2) : Shape.of(s.size(), 1);
        }));
    }

    private static Arbitrary<Movement.Permute> permutations(Shape s) {
        return Arbitraries.shuffle(IntStream.range(0, s.rank()).boxed().toList())
                .map(p -> new Movement.Permute(p.stream().mapToInt(i -> i).toArray()));
    }

    private static Arbitrary<OpCase> broadcast(BiFunction<Shape, Shape, Arbitrary<OpCase>> make) {
        return broadcastable(2).flatMap(s -> make.apply(s.get(0), Shape.broadcast("case", s.get(0), s.get(1))));
    }

    private static Arbitrary<OpCase> slices(BiFunction<Movement.Slice, Shape, Arbitrary<OpCase>> make) {
        return shapes().flatMap(s -> integers(0, 11).list().ofSize(2 * s.rank()).flatMap(choices -> {
            int rank = s.rank();
            int[] begin = new int[rank], count = new int[rank], step = new int[rank];
            for (int i = 0; i < rank; i++) {
                int d = s.dim(i);
                step[i] = 1 + choices.get(2 * i) % 2;
                int most = (d + step[i] - 1) / step[i];
                count[i] = most - choices.get(2 * i) / 2 % (most + 1);
                int room = count[i] == 0 ? 0 : d - 1 - (count[i] - 1) * step[i];
                begin[i] = choices.get(2 * i + 1) / 2 % (room + 1);
                if (choices.get(2 * i + 1) % 2 == 1) { // the other way round
                    begin[i] += Math.max(0, count[i] - 1) * step[i];
                    step[i] = -step[i];
                }
            }
            return make.apply(new Movement.Slice(begin, count, step), s);
        }));
    }

    private interface OfIndex {
        Arbitrary<OpCase> make(int axis, IntTensor index, Shape whole);
    }

    private static Arbitrary<OpCase> indices(OfIndex make) {
        return shapes(1, 3).filter(s -> s.size() > 0).flatMap(s -> Combinators
                .combine(integers(0, s.rank() - 1), integers(0, 4), integers(0, 7)).as((axis, length, less) -> {
                    int[] dims = s.dims();
                    for (int i = 0; i < dims.length; i++)
                        dims[i] = i == axis ? length : Math.max(1, dims[i] - (less >> i & 1));
                    Shape shape = Shape.of(dims);
                    return integers(0, s.dim(axis) - 1).list().ofSize(shape.size()).flatMap(at -> make.make(axis,
                            IntTensor.of(at.stream().mapToInt(i -> i).toArray(), shape), s));
                }).flatMap(a -> a));
    }

    private static Arbitrary<OpCase> product(Op op, boolean transposeA, boolean transposeB) {
        return Combinators.combine(extents(), extents(), extents(), Arbitraries.of(BATCHES))
                .as((m, k, n, batch) -> inputs(
                        op, List.of(matrix(batch[0], transposeA, m, k), matrix(batch[1], transposeB, k, n))))
                .flatMap(a -> a);
    }

    private static final List<int[][]> BATCHES = List.of(new int[][]{{}, {}}, new int[][]{{2}, {}},
            new int[][]{{}, {2}}, new int[][]{{2}, {2}}, new int[][]{{1}, {2}}, new int[][]{{2, 1}, {2}},
            new int[][]{{0}, {1}});

    private static Shape matrix(int[] batch, boolean transpose, int rows, int columns) {
        int[] dims = Arrays.copyOf(batch, batch.length + 2);
        dims[batch.length] = transpose ? columns : rows;
        dims[batch.length + 1] = transpose ? rows : columns;
        return Shape.of(dims);
    }

    private static Arbitrary<Integer> extents() { return integers(0, 15).map(i -> i == 15 ? 0 : 1 + i % 3); }

    private static Arbitrary<Mask> masks(Shape shape) {
        return booleans().list().ofSize(shape.size()).map(b -> {
            boolean[] values = new boolean[b.size()];
            for (int i = 0; i < values.length; i++)
                values[i] = b.get(i);
            return Mask.of(values, shape.dims());
        });
    }

    private static Arbitrary<Boolean> booleans() { return integers(0, 1).map(i -> i == 1); }

    private static Arbitrary<IntTensor> labels(Shape logits) {
        int last = logits.rank() - 1;
        Shape shape = logits.reduce(new int[]{last}, false);
        return integers(0, logits.dim(last) - 1).list().ofSize(shape.size())
                .map(l -> IntTensor.of(l.stream().mapToInt(i -> i).toArray(), shape));
    }

    /**
     * Well-conditioned matrices, symmetric and positive definite for Cholesky, with a right-hand side for solve.
     */
    private static Arbitrary<OpCase> systems(Op op) {
        return Combinators.combine(integers(1, 3), integers(1, 2), integers(0, 2)).as((n, k, batch) -> {
            int[] lead = batch == 0 ? new int[0] : new int[]{batch};
            return inputs(op, List.of(matrix(lead, false, n, n), matrix(lead, false, n, k))).map(c -> {
                Tensor a = c.inputs().get(0).mul(0.2).add(Tensor.eye(DType.F64, n).mul(2));
                if (op instanceof LinearAlgebra.Cholesky)
                    return OpCase.of(op, a.matmul(a.transpose()).add(Tensor.eye(DType.F64, n)));
                return op instanceof LinearAlgebra.Solve ? OpCase.of(op, a, c.inputs().get(1)) : OpCase.of(op, a);
            });
        }).flatMap(a -> a);
    }

    private interface OfWindows {
        Arbitrary<OpCase> make(int axis, int size, int step, int dilation, int count, Shape whole, Shape folded);
    }

    private static Arbitrary<OpCase> windows(OfWindows make) {
        return shapes(1, 3).flatMap(s -> Combinators.combine(integers(0, s.rank() - 1), integers(1, 3), integers(1, 2),
                integers(1, 2), integers(1, 3), integers(0, 2)).as((axis, size, step, dilation, count, rest) -> {
                    Shape whole = s.with(axis, (count - 1) * step + (size - 1) * dilation + 1 + rest);
                    int[] folded = Arrays.copyOf(s.with(axis, count).dims(), s.rank() + 1);
                    folded[s.rank()] = size;
                    return make.make(axis, size, step, dilation, count, whole, Shape.of(folded));
                })).flatMap(a -> a);
    }

    /** Small convolutions: each extent is 1 or 2. */
    private static Arbitrary<OpCase> convolutions(BiFunction<Convolution, Integer, Op> op, Part... operands) {
        Arbitrary<Axis> axes = Combinators.combine(integers(1, 2), integers(0, 1), integers(1, 2)).as(Axis::new);
        return Combinators.combine(integers(0, 127), axes, axes, integers(1, 2), integers(-1, 1))
                .as((bits, down, right, groups, zeroAbsorbing) -> {
                    int[] d = IntStream.range(0, 7).map(i -> 1 + (bits >> i & 1)).toArray();
                    Shape x = Shape.of(d[0], groups * d[1], extent(d[3], d[5], down), extent(d[4], d[6], right));
                    Shape w = Shape.of(groups * d[2], d[1], d[3], d[4]), y = Shape.of(d[0], groups * d[2], d[5], d[6]);
                    Convolution of = new Convolution(x, w, y, down, right, groups);
                    return inputs(op.apply(of, zeroAbsorbing), Stream.of(operands).map(of::shape).toList());
                }).flatMap(a -> a);
    }

    private static int extent(int window, int count, Axis a) {
        return Math.max(1, (count - 1) * a.stride() + (window - 1) * a.dilation() + 1 - 2 * a.padding()
                + (a.stride() > 1 ? 1 : 0));
    }
}
