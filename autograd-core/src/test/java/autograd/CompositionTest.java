package autograd;

import static autograd.array.DType.F64;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;
import autograd.check.Report;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Methods composed of several operations, or that choose one: one line each, with the shapes to test. */
class CompositionTest {
    record Line(String name, Function<Tensor[], Tensor> f, Shape result, Tensor... in) {
        @Override
        public String toString() { return name + " of " + Stream.of(in).map(Tensor::shape).toList(); }
    }

    private static Line line(String name, UnaryOperator<Tensor> f, int[] in, int... result) {
        return new Line(name, t -> f.apply(t[0]), Shape.of(result), x(1, in));
    }

    private static Line matmul(int[] a, int[] b, int... result) {
        return new Line("matmul", t -> t[0].matmul(t[1]), Shape.of(result), x(1, a), x(2, b));
    }

    private static int[] s(int... dims) { return dims; }

    private static Tensor x(long seed, int... dims) {
        Rng rng = new Rng(seed);
        return Tensor.of(NdArray.of(IntStream.range(0, Shape.of(dims).size())
                .mapToDouble(_ -> rng.nextDouble(0.2, 2)).toArray(), Shape.of(dims)));
    }

    static Stream<Line> lines() {
        return Stream.of(matmul(s(3), s(3)), matmul(s(3), s(3, 2), 2), matmul(s(2, 3), s(3), 2),
                matmul(s(2, 3), s(3, 4), 2, 4), matmul(s(2, 2, 3), s(3, 2), 2, 2, 2),
                matmul(s(2, 2, 3), s(3), 2, 2), matmul(s(3), s(2, 3, 2), 2, 2), matmul(s(2, 3), s(2, 3, 2), 2, 2, 2),
                matmul(s(2, 1, 2, 2), s(3, 2, 1), 2, 3, 2, 1), matmul(s(0), s(0)), matmul(s(2, 0), s(0, 3), 2, 3),
                matmul(s(0, 2), s(2, 3), 0, 3), matmul(s(2, 3, 0), s(0, 2), 2, 3, 2),
                matmul(s(2, 0, 3), s(3, 2), 2, 0, 2), matmul(s(0, 2, 3), s(3, 2), 0, 2, 2),
                matmul(s(2, 2, 3), s(3, 0), 2, 2, 0), matmul(s(0), s(0, 2), 2), matmul(s(2, 0), s(0), 2), //
                line("mean", x -> x.mean(), s(2, 3)), line("mean", x -> x.mean(1), s(2, 3), 2),
                line("mean", x -> x.mean(true, 0, -1), s(2, 3, 2), 1, 3, 1), line("mean", x -> x.mean(), s()),
                line("sum", x -> x.sum(-2), s(2, 3), 3), line("max", x -> x.max(1), s(2, 3), 2),
                line("min", x -> x.min(true), s(2, 3), 1, 1), line("max", x -> x.max(), s()),
                line("logSumExp", x -> x.logSumExp(-1), s(2, 3), 2), line("softmax", x -> x.softmax(-1), s(2, 3), 2, 3),
                line("logSoftmax", x -> x.logSoftmax(0), s(3), 3), //
                line("number", x -> x.add(2).sub(1).mul(3).div(4).maximum(0.1).minimum(9).where(Mask.of(new boolean[]{
                        true, false}, 2), 5), s(2), 2),
                line("pow", x -> x.pow(x), s(2), 2), line("pow", x -> x.pow(2.5), s(2), 2), //
                line("reshape", x -> x.reshape(3, -1), s(2, 3), 3, 2), line("transpose", x -> x.transpose(), s(2, 2, 3),
                        2, 3, 2),
                line("transpose", x -> x.transpose(0, -1), s(2, 2, 3), 3, 2, 2),
                line("reshape of a view", x -> x.transpose().reshape(6), s(2, 3), 6),
                line("unsqueeze", x -> x.unsqueeze(-1).unsqueeze(0), s(2), 1, 2, 1),
                line("squeeze", x -> x.squeeze(-2), s(2, 1, 3), 2, 3),
                line("slice", x -> x.slice(-1, 1, -1), s(2, 4), 2, 2),
                line("slice", x -> x.slice(s(9, -1), s(-9, 0), s(-2, -1)), s(3, 3), 2, 2),
                line("slice to nothing", x -> x.slice(0, 2, 1), s(3), 0),
                line("broadcastTo", x -> x.broadcastTo(2, 3), s(3), 2, 3),
                line("concat", x -> Tensor.concat(-1, x, x.slice(1, 0, 1), x), s(2, 2), 2, 5),
                line("indexSelect", x -> x.indexSelect(0, IntTensor.of(2, 0, 2)), s(3, 2), 3, 2),
                line("gather", x -> x.gather(-1, IntTensor.of(s(1, 1, 0, 2), 2, 2)), s(2, 3), 2, 2),
                line("scatterAdd", x -> x.scatterAdd(0, IntTensor.of(s(1, 1, 0), 3), Shape.of(4)), s(3), 4),
                line("to", x -> x.to(F64).square(), s(2), 2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void derivativesAreSlopes(Line line) {
        assertEquals(line.result, line.f.apply(line.in.clone()).shape(), () -> Arrays.toString(line.in));
        Report report = GradCheck.ofAll(line.f).name(line.name).check(line.in);
        assertEquals(Report.Verdict.PASSED, report.verdict(), report::toString);
    }
}
