package autograd.onnx;

import autograd.Activations;
import autograd.Elementwise;
import autograd.Functions;
import autograd.GradientFlow;
import autograd.Indexing;
import autograd.Joining;
import autograd.LinearAlgebra;
import autograd.Movement;
import autograd.Normalization;
import autograd.Op;
import autograd.Reduction;
import autograd.Tensor;
import autograd.Trigonometry;
import autograd.Windows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How each operation is said in ONNX. One that is not here is written by its definition, if it has one, else
 * it is refused.
 */
final class Operators {
    /** Adds the operators that compute an operation; the name of its output. */
    interface Translation extends Function<Call, String> {}

    private static final Map<Class<? extends Op>, Translation> TABLE = new HashMap<>();

    private Operators() {}

    /** Operations that are said by operators, not by their definitions. */
    static Set<Class<? extends Op>> known() {
        return TABLE.keySet();
    }

    static String translate(Call call) {
        Op op = call.nodes().getFirst().op();
        Translation translation = TABLE.get(op.getClass());
        if (translation != null)
            return translation.apply(call);
        if (op instanceof Op.Fused fused)
            return call.expand(fused::definition);
        throw call.cannot("ONNX has no operator for it, and it has no definition by others");
    }

    private static void same(Class<? extends Op> op, String operator) {
        TABLE.put(op, call -> call.node(operator, call.in()));
    }

    static {
        arithmetic();
        functions();
        activations();
        reductions();
        movements();
        windows();
        flow();
        LinearAlgebraAndNorms.add(TABLE);
    }

    private static void arithmetic() {
        same(Elementwise.Add.class, "Add");
        same(Elementwise.Sub.class, "Sub");
        same(Elementwise.Mul.class, "Mul");
        same(Elementwise.Div.class, "Div");
        same(Elementwise.Neg.class, "Neg");
        same(Elementwise.Reciprocal.class, "Reciprocal");
        same(Elementwise.Abs.class, "Abs");
        same(Elementwise.Sign.class, "Sign");
        same(Elementwise.Maximum.class, "Max");
        same(Elementwise.Minimum.class, "Min");
        same(Elementwise.Floor.class, "Floor");
        same(Elementwise.Ceil.class, "Ceil");
        same(Elementwise.Round.class, "Round");
        TABLE.put(Elementwise.Zmul.class, call -> zeroWhereFirst(call, "Mul"));
        TABLE.put(Elementwise.Zdiv.class, call -> zeroWhereFirst(call, "Div"));
        TABLE.put(Elementwise.Clamp.class, call -> {
            var clamp = call.op(Elementwise.Clamp.class);
            return call.node("Clip", List.of(call.in(0), call.number(clamp.min()), call.number(clamp.max())));
        });
        TABLE.put(Elementwise.Where.class, call -> Masks.choosesTheSame(call)
                ? call.in(0)
                : call.node("Where", List.of(Masks.of(call), call.in(0), call.in(1))));
        TABLE.put(Elementwise.To.class, call -> call.node("Cast", List.of(call.in(0)), "to",
                Graph.type(call.op(Elementwise.To.class).dtype())));
    }

    /** An operator whose result is 0 where the first input is. */
    private static String zeroWhereFirst(Call call, String operator) {
        String isZero = call.node("Equal", call.in(0), call.number(0));
        return call.node("Where", List.of(isZero, call.number(0), call.node(operator, call.in())));
    }

    private static void functions() {
        same(Functions.Sqrt.class, "Sqrt");
        same(Functions.Pow.class, "Pow");
        same(Functions.Exp.class, "Exp");
        same(Functions.Log.class, "Log");
        same(Trigonometry.Sin.class, "Sin");
        same(Trigonometry.Cos.class, "Cos");
        same(Trigonometry.Tan.class, "Tan");
        same(Trigonometry.Asin.class, "Asin");
        same(Trigonometry.Acos.class, "Acos");
        same(Trigonometry.Atan.class, "Atan");
        same(Trigonometry.Sinh.class, "Sinh");
        same(Trigonometry.Cosh.class, "Cosh");
        same(Trigonometry.Tanh.class, "Tanh");
        same(Trigonometry.Asinh.class, "Asinh");
        same(Trigonometry.Acosh.class, "Acosh");
        same(Trigonometry.Atanh.class, "Atanh");
        same(Functions.Erf.class, "Erf");
        TABLE.put(Functions.Square.class, call -> call.node("Mul", call.in(0), call.in(0)));
        TABLE.put(Functions.PowScalar.class,
                call -> call.node("Pow", call.in(0), call.number(call.op(Functions.PowScalar.class).p())));
        TABLE.put(Functions.Rsqrt.class, call -> call.node("Reciprocal", call.node("Sqrt", call.in(0))));
        TABLE.put(Functions.Log2.class,
                call -> call.node("Div", call.node("Log", call.in(0)), call.number(Math.log(2))));
        TABLE.put(Functions.Log10.class,
                call -> call.node("Div", call.node("Log", call.in(0)), call.number(Math.log(10))));
        TABLE.put(Functions.Expm1.class, call -> { // tanh(x / 2) (e^x + 1), of which no digits are lost near 0
            String half = call.node("Tanh", call.node("Mul", call.in(0), call.number(0.5)));
            String more = call.node("Add", call.node("Exp", call.in(0)), call.number(1));
            return call.node("Mul", half, more);
        });
        TABLE.put(Functions.Log1p.class, Operators::log1p);
        TABLE.put(Functions.Hypot.class, Operators::hypot);
        TABLE.put(Trigonometry.Atan2.class, Operators::atan2);
    }

    /** log(u) x / (u - 1) of u = 1 + x, rounded: the errors of u cancel. Only where x is small. */
    private static String log1p(Call call) {
        String x = call.in(0), one = call.number(1), u = call.node("Add", x, one), log = call.node("Log", u);
        String less = call.node("Sub", u, one), isZero = call.node("Equal", less, call.number(0));
        String safe = call.node("Where", List.of(isZero, one, less));
        String near = call.node("Where", List.of(isZero, x, call.node("Div", call.node("Mul", log, x), safe)));
        String small = call.node("Less", call.node("Abs", x), call.number(0.5));
        return call.node("Where", List.of(small, near, log));
    }

    /** By the larger of both, so that squares do not overflow. */
    private static String hypot(Call call) {
        String a = call.node("Abs", call.in(0)), b = call.node("Abs", call.in(1));
        String large = call.node("Max", a, b), ratio = call.node("Div", call.node("Min", a, b), large);
        String root = call.node("Sqrt", call.node("Add", call.node("Mul", ratio, ratio), call.number(1)));
        String isZero = call.node("Equal", large, call.number(0));
        return call.node("Where", List.of(isZero, large, call.node("Mul", large, root)));
    }

    private static String atan2(Call call) {
        String a = call.in(0), b = call.in(1), zero = call.number(0);
        String angle = call.node("Atan", call.node("Div", a, b));
        String turn = call.node("Where", List.of(call.node("Less", a, zero), call.number(-Math.PI),
                call.number(Math.PI)));
        String left = call.node("Where", List.of(call.node("Less", b, zero), call.node("Add", angle, turn), angle));
        String upright = call.node("Mul", call.node("Sign", a), call.number(Math.PI / 2));
        return call.node("Where", List.of(call.node("Equal", b, zero), upright, left));
    }

    private static void activations() {
        same(Activations.Sigmoid.class, "Sigmoid");
        same(Activations.Relu.class, "Relu");
        same(Activations.Softplus.class, "Softplus");
        same(Activations.Softsign.class, "Softsign");
        same(Activations.Gelu.class, "Gelu");
        TABLE.put(Activations.LogSigmoid.class,
                call -> call.node("Neg", call.node("Softplus", call.node("Neg", call.in(0)))));
        TABLE.put(Activations.LeakyRelu.class, call -> call.node("LeakyRelu", List.of(call.in(0)), "alpha",
                call.op(Activations.LeakyRelu.class).slope()));
        TABLE.put(Activations.Elu.class,
                call -> call.node("Elu", List.of(call.in(0)), "alpha", call.op(Activations.Elu.class).alpha()));
        TABLE.put(Activations.ReluVjp.class, call -> call.node("Where",
                List.of(call.node("Greater", call.in(1), call.number(0)), call.in(0), call.number(0))));
    }

    private static void reductions() {
        TABLE.put(Reduction.Sum.class, call -> {
            var op = call.op(Reduction.Sum.class);
            return reduce(call, "ReduceSum", call.in(0), op.axes(), op.keepDims());
        });
        TABLE.put(Reduction.Max.class, call -> {
            var op = call.op(Reduction.Max.class);
            return reduce(call, "ReduceMax", call.in(0), op.axes(), op.keepDims());
        });
        TABLE.put(Reduction.Min.class, call -> {
            var op = call.op(Reduction.Min.class);
            return reduce(call, "ReduceMin", call.in(0), op.axes(), op.keepDims());
        });
        TABLE.put(Reduction.LogSumExp.class, call -> {
            var op = call.op(Reduction.LogSumExp.class);
            return reduce(call, "ReduceLogSumExp", call.in(0), op.axes(), op.keepDims());
        });
        TABLE.put(Reduction.Norm.class, call -> {
            var op = call.op(Reduction.Norm.class);
            if (op.p() == 2)
                return reduce(call, "ReduceL2", call.in(0), op.axes(), op.keepDims());
            String power = call.node("Pow", call.node("Abs", call.in(0)), call.number(op.p()));
            return call.node("Pow", reduce(call, "ReduceSum", power, op.axes(), op.keepDims()),
                    call.number(1 / op.p()));
        });
        TABLE.put(Reduction.Cumsum.class, call -> {
            var op = call.op(Reduction.Cumsum.class);
            return call.node("CumSum", List.of(call.in(0), call.graph.longs(new long[]{op.axis()})), "reverse",
                    op.reverse());
        });
    }

    /** A reduction; of no axis it is that of single elements. */
    static String reduce(Call call, String operator, String x, int[] axes, boolean keepDims) {
        return call.node(operator, List.of(x, call.graph.longs(axes)), "keepdims", keepDims, "noop_with_empty_axes",
                axes.length == 0 && !operator.equals("ReduceL2") && !operator.equals("ReduceLogSumExp"));
    }

    private static void movements() {
        TABLE.put(Movement.Reshape.class, call -> call.reshape(call.in(0), call.shape()));
        TABLE.put(Movement.Permute.class,
                call -> call.transpose(call.in(0), call.op(Movement.Permute.class).axes()));
        TABLE.put(Movement.BroadcastTo.class,
                call -> call.node("Expand", call.in(0), call.longs(call.shape().dims())));
        TABLE.put(Movement.SumTo.class, call -> {
            Extents from = call.shape(0), to = call.shape();
            int lead = from.rank() - to.rank();
            int[] axes = IntStream.range(0, from.rank())
                    .filter(i -> i < lead || !Arrays.equals(from.dim(i), to.dim(i - lead))).toArray();
            return call.reshape(reduce(call, "ReduceSum", call.in(0), axes, true), to);
        });
        TABLE.put(Movement.Slice.class, Operators::slice);
        TABLE.put(Movement.Unslice.class, Operators::unslice);
        TABLE.put(Joining.Concat.class,
                call -> call.node("Concat", call.in(), "axis", call.op(Joining.Concat.class).axis()));
        TABLE.put(Indexing.Gather.class, Gathers::gather);
        TABLE.put(Indexing.ScatterAdd.class, Gathers::scatterAdd);
    }

    private static String slice(Call call) {
        List<Movement.Slice> runs = call.each(Movement.Slice.class, op -> op);
        Extents from = call.shape(0);
        int[] axes = IntStream.range(0, from.rank()).filter(axis -> IntStream.range(0, runs.size())
                .anyMatch(run -> runs.get(run).begin()[axis] != 0 || runs.get(run).step()[axis] != 1
                        || runs.get(run).count()[axis] != from.dim(axis)[run]))
                .toArray();
        if (axes.length == 0)
            return call.in(0);
        List<long[]> begin = new ArrayList<>(), end = new ArrayList<>();
        int[] steps = IntStream.of(axes).map(axis -> runs.getFirst().step()[axis]).toArray();
        for (int axis : axes) {
            begin.add(runs.stream().mapToLong(s -> s.begin()[axis]).toArray());
            // before the first element is far below 0, because -1 would be the last
            end.add(runs.stream().mapToLong(s -> s.begin()[axis] + (long) s.count()[axis] * s.step()[axis])
                    .map(e -> e < 0 ? Integer.MIN_VALUE : e).toArray());
        }
        return call.node("Slice", List.of(call.in(0), call.longs(begin), call.longs(end), call.graph.longs(axes),
                call.graph.longs(steps)));
    }

    private static String unslice(Call call) {
        List<Movement.Unslice> runs = call.each(Movement.Unslice.class, op -> op);
        Extents x = call.shape(0), y = call.shape();
        String name = call.in(0);
        for (int axis = 0; axis < x.rank(); axis++) {
            int at = axis;
            boolean whole = IntStream.range(0, runs.size()).allMatch(run -> runs.get(run).begin()[at] == 0
                    && runs.get(run).step()[at] == 1 && x.dim(at)[run] == y.dim(at)[run]);
            if (whole)
                continue;
            if (!x.isFixed(axis) || !y.isFixed(axis)
                    || runs.stream().anyMatch(run -> run.begin()[at] != runs.getFirst().begin()[at]))
                throw call.cannot("room along the axis of the batch");
            name = call.spread(name, x.rank(), axis, x.first(axis), runs.getFirst().begin()[axis],
                    runs.getFirst().step()[axis], y.first(axis));
        }
        return name;
    }

    private static void windows() {
        TABLE.put(Windows.Unfold.class, call -> {
            var op = call.op(Windows.Unfold.class);
            if (!call.shape(0).isFixed(op.axis()))
                throw call.cannot("windows along the axis of the batch");
            long[] at = IntStream.range(0, op.count() * op.size())
                    .mapToLong(i -> (long) (i / op.size()) * op.step() + (long) (i % op.size()) * op.dilation())
                    .toArray();
            String windows = call.node("Gather",
                    List.of(call.in(0), call.graph.longs(at, op.count(), op.size())), "axis", op.axis());
            int rank = call.shape().rank();
            int[] last = IntStream.range(0, rank).map(
                    i -> i <= op.axis() ? i : i == rank - 1 ? op.axis() + 1 : i + 1).toArray();
            return call.transpose(windows, last);
        });
        TABLE.put(Windows.Fold.class, Operators::fold);
        TABLE.put(Windows.Conv2d.class, Convolutions::convolution);
        TABLE.put(Windows.ConvTranspose2d.class, Convolutions::transposed);
    }

    /** The p-th elements of all windows are put where they belong, and added for all p. */
    private static String fold(Call call) {
        var op = call.op(Windows.Fold.class);
        Extents x = call.shape(0);
        if (!x.isFixed(op.axis()))
            throw call.cannot("windows along the axis of the batch");
        int last = x.rank() - 1;
        String sum = "";
        for (int p = 0; p < x.first(last); p++) {
            String part = call.node("Gather", List.of(call.in(0), call.graph.longs(new long[]{p}, new int[0])),
                    "axis", last);
            String put = call.spread(part, last, op.axis(), x.first(op.axis()), p * op.dilation(), op.step(),
                    op.extent());
            sum = p == 0 ? put : call.node("Add", sum, put);
        }
        return sum;
    }

    private static void flow() {
        same(GradientFlow.Identity.class, "Identity");
        same(GradientFlow.OnGradient.class, "Identity");
        TABLE.put(GradientFlow.CustomVjp.class,
                call -> call.expand(in -> call.op(GradientFlow.CustomVjp.class).f().of(in)));
        TABLE.put(GradientFlow.Checkpoint.class, call -> {
            var op = call.op(GradientFlow.Checkpoint.class);
            return call.expand(in -> op.f().of(Arrays.copyOf(in, op.arguments())));
        });
    }

    /** Matrix products and normalization. */
    private static final class LinearAlgebraAndNorms {
        static void add(Map<Class<? extends Op>, Translation> table) {
            table.put(LinearAlgebra.MatMul.class, call -> {
                var op = call.op(LinearAlgebra.MatMul.class);
                return call.node("MatMul", call.transposed(op.transposeA(), 0), call.transposed(op.transposeB(), 1));
            });
            table.put(Normalization.Softmax.class, call -> call.node("Softmax", List.of(call.in(0)), "axis",
                    call.op(Normalization.Softmax.class).axis()));
            table.put(Normalization.LogSoftmax.class, call -> call.node("LogSoftmax", List.of(call.in(0)), "axis",
                    call.op(Normalization.LogSoftmax.class).axis()));
            table.put(Normalization.Standardize.class, call -> {
                var op = call.op(Normalization.Standardize.class);
                Extents x = call.shape(0);
                if (!Fusions.isLayerNorm(op, call))
                    return call.expand(op::definition);
                int[] shape = Arrays.stream(op.axes()).map(x::first).toArray();
                String one = call.graph.constant("one", Tensor.ones(call.dtype(), shape));
                return call.node("LayerNormalization", List.of(call.in(0), one), "axis", op.axes()[0], "epsilon",
                        op.epsilon());
            });
        }
    }
}
