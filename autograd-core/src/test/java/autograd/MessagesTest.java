package autograd;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every check of an argument: its message names the operation, and the given shapes or dtypes. */
class MessagesTest {
    /** The operation, quoted text, shapes, dtypes, calls such as sum(), numbers, and names of variables. */
    private static final Pattern FACT = Pattern.compile("^\\w+(?=:| \")|\"[^\"]*\"|'[^']*'|\\[[^]]*]|\\b[fF](32|64)\\b|"
            + "\\b\\w+\\([^)]*\\)|-?\\d+(\\.\\d+)?|Infinity|NaN|(?<=variable )\\w+");

    /** A wrong call and a message; the actual message must contain its facts, in their order. */
    record Case(Class<? extends Exception> type, Executable call, String message) {
        Case(Executable call, String message) { this(IllegalArgumentException.class, call, message); }

        static Case range(Executable call, String message) {
            return new Case(IndexOutOfBoundsException.class, call, message);
        }

        DynamicTest test() {
            return dynamicTest(message, () -> {
                String actual = assertThrows(type, call).getMessage();
                List<String> facts = FACT.matcher(message).results().map(MatchResult::group).toList();
                assertFalse(facts.isEmpty());
                int at = 0;
                for (String fact : facts) {
                    int next = actual.indexOf(fact, at);
                    assertTrue(next >= 0, () -> fact + " is missing, or out of order, in: " + actual);
                    at = next + fact.length();
                }
            });
        }
    }

    private final Tensor a = Tensor.zeros(2, 3), b = Tensor.zeros(4), none = Tensor.zeros(0, 3),
            one = Tensor.scalar(1), d = Tensor.zeros(DType.F64, 2, 3);
    private final IntTensor index = IntTensor.of(0, 1);

    @TestFactory
    Stream<DynamicTest> making() {
        return Stream.of( //
                new Case(() -> Tensor.of(new double[][]{{1, 2}, {3}}),
                        "of: rows have 2 and 1 elements; a matrix needs one length"),
                new Case(() -> Tensor.of(DType.F64, new double[]{1, 2, 3}, 2, 2),
                        "3 values do not fill shape [2, 2], which has 4"),
                new Case(() -> Tensor.of(new float[]{1, 2, 3}, 2), "3 values do not fill shape [2], which has 2"),
                new Case(() -> Tensor.zeros(2, -1), "shape [2, -1]: an extent is negative"),
                new Case(() -> Tensor.ones(1 << 16, 1 << 16),
                        "shape [65536, 65536] has more than 2^31 - 1 elements"),
                new Case(() -> Tensor.arange(DType.F32, 0, 1, 0), "arange: the step is 0")).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> reading() {
        return Stream.of( //
                new Case(IllegalStateException.class, a::item, "item: shape [2, 3] has 6 elements, not 1"),
                Case.range(() -> a.get(1), "index [1] has 1 axes, shape [2, 3] has 2"),
                Case.range(() -> a.get(2, 0), "index [2, 0] is out of range for shape [2, 3]"),
                Case.range(() -> a.get(0, -4), "index [0, -4] is out of range for shape [2, 3]")).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> elementwise() {
        String shapes = ": shapes [2, 3] and [4] do not broadcast: axis -1 has extents 3 and 4;"
                + " they must be equal or one of them 1";
        String dtypes = ": inputs have dtypes f32 and f64; convert one with to(DType)";
        Mask mask = Mask.of(new boolean[4], 4);
        return Stream.of( //
                new Case(() -> a.add(b), "add" + shapes), new Case(() -> a.add(d), "add" + dtypes),
                new Case(() -> a.sub(b), "sub" + shapes), new Case(() -> a.sub(d), "sub" + dtypes),
                new Case(() -> a.mul(b), "mul" + shapes), new Case(() -> a.mul(d), "mul" + dtypes),
                new Case(() -> a.zmul(b), "zmul" + shapes), new Case(() -> a.zmul(d), "zmul" + dtypes),
                new Case(() -> a.div(b), "div" + shapes), new Case(() -> a.div(d), "div" + dtypes),
                new Case(() -> a.pow(b), "pow" + shapes), new Case(() -> a.pow(d), "pow" + dtypes),
                new Case(() -> a.maximum(b), "maximum" + shapes), new Case(() -> a.maximum(d), "maximum" + dtypes),
                new Case(() -> a.minimum(b), "minimum" + shapes), new Case(() -> a.minimum(d), "minimum" + dtypes),
                new Case(() -> a.gt(b), "gt" + shapes), new Case(() -> a.gt(d), "gt" + dtypes),
                new Case(() -> a.ge(b), "ge" + shapes), new Case(() -> a.ge(d), "ge" + dtypes),
                new Case(() -> a.lt(b), "lt" + shapes), new Case(() -> a.lt(d), "lt" + dtypes),
                new Case(() -> a.le(b), "le" + shapes), new Case(() -> a.le(d), "le" + dtypes),
                new Case(() -> a.eq(b), "eq" + shapes), new Case(() -> a.eq(d), "eq" + dtypes),
                new Case(() -> a.ne(b), "ne" + shapes), new Case(() -> a.ne(d), "ne" + dtypes),
                new Case(() -> a.where(a.gt(0), b), "where" + shapes),
                new Case(() -> a.where(a.gt(0), d), "where" + dtypes),
                new Case(() -> a.where(mask, a), "where: shapes [4] and [2, 3] do not broadcast:"
                        + " axis -1 has extents 4 and 3; they must be equal or one of them 1"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> reductions() {
        String axis = ": axis 2 is out of range for shape [2, 3] of rank 2";
        String twice = ": an axis is repeated in [0, -2] for shape [2, 3]";
        String empty = ": axis 0 of shape [0, 3] has no elements";
        return Stream.of( //
                new Case(() -> a.sum(2), "sum" + axis), new Case(() -> a.sum(0, -2), "sum" + twice),
                new Case(() -> a.mean(2), "mean" + axis), new Case(() -> a.mean(true, 0, -2), "mean" + twice),
                new Case(() -> a.max(2), "max" + axis), new Case(() -> a.max(0, -2), "max" + twice),
                new Case(() -> none.max(), "max" + empty), new Case(() -> a.min(2), "min" + axis),
                new Case(() -> a.min(0, -2), "min" + twice), new Case(() -> none.min(true, 0), "min" + empty),
                new Case(() -> a.logSumExp(2), "logSumExp" + axis),
                new Case(() -> a.logSumExp(0, -2), "logSumExp" + twice),
                new Case(() -> a.argMax(2), "argMax" + axis), new Case(() -> none.argMax(0), "argMax" + empty),
                new Case(() -> one.argMax(0), "argMax: axis 0 is out of range for shape [] of rank 0"),
                new Case(() -> a.softmax(2), "softmax" + axis),
                new Case(() -> a.logSoftmax(2), "logSoftmax" + axis)).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> movement() {
        return Stream.of( //
                new Case(() -> a.reshape(4), "reshape: [2, 3] has 6 elements, [4] has 4"),
                new Case(() -> a.reshape(-1, -1), "reshape: [-1, -1] has more than one -1"),
                new Case(() -> a.reshape(4, -1),
                        "reshape: no extent in place of -1 makes [4, -1] hold the 6 elements of [2, 3]"),
                new Case(() -> none.reshape(0, -1),
                        "reshape: no extent in place of -1 makes [0, -1] hold the 0 elements of [0, 3]"),
                new Case(() -> a.unsqueeze(3), "unsqueeze: axis 3 is out of range for shape [2, 3]"),
                new Case(() -> a.unsqueeze(-4), "unsqueeze: axis -4 is out of range for shape [2, 3]"),
                new Case(() -> a.squeeze(2), "squeeze: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> a.squeeze(0), "squeeze: axis 0 of shape [2, 3] is not of extent 1"),
                new Case(() -> b.transpose(), "transpose: needs at least two axes, got shape [4]"),
                new Case(() -> a.transpose(0, 2), "transpose: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> a.permute(0), "permute: [0] does not name each axis of shape [2, 3] once"),
                new Case(() -> a.permute(1, -1), "permute: [1, -1] does not name each axis of shape [2, 3] once"),
                new Case(() -> a.permute(0, 2), "permute: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> a.broadcastTo(2, 4), "broadcastTo: shape [2, 3] does not broadcast to [2, 4]"),
                new Case(() -> a.broadcastTo(3), "broadcastTo: shape [2, 3] does not broadcast to [3]"),
                new Case(() -> a.sumTo(Shape.of(2)), "sumTo: shape [2] does not broadcast to [2, 3]"),
                new Case(() -> a.slice(2, 0, 1), "slice: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> one.slice(0, 0, 1), "slice: axis 0 is out of range for shape [] of rank 0"),
                new Case(() -> a.slice(new int[1], new int[2], new int[2]),
                        "slice: begin [0], end [0, 0] and step [0, 0] must have one entry"
                                + " for each axis of shape [2, 3]"),
                new Case(() -> a.slice(new int[2], new int[2], new int[]{1, 0}), "slice: the step of axis 1 is 0"),
                new Case(() -> Tensor.concat(0), "concat: needs at least one tensor"),
                new Case(() -> Tensor.concat(2, a, a), "concat: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> Tensor.concat(0, a, b), "concat: shapes [2, 3] and [4] differ in more than axis 0"),
                new Case(() -> Tensor.concat(0, a, a.reshape(3, 2)),
                        "concat: shapes [2, 3] and [3, 2] differ in more than axis 0"),
                new Case(() -> Tensor.concat(0, a, d),
                        "concat: inputs have dtypes f32 and f64; convert one with to(DType)"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return Stream.of( //
                new Case(() -> a.matmul(a), "matmul: shapes [2, 3] and [2, 3] do not match:"
                        + " the last extent of the first must be the second to last one of the second"),
                new Case(() -> a.matmul(b), "matmul: shapes [2, 3] and [4] do not match:"
                        + " the last extent of the first must be the only one of the second"),
                new Case(() -> one.matmul(a), "matmul: shapes [] and [2, 3] do not match:"
                        + " the last extent of the first must be the second to last one of the second"),
                new Case(() -> a.matmul(one), "matmul: shapes [2, 3] and [] do not match:"
                        + " the last extent of the first must be the second to last one of the second"),
                new Case(() -> Tensor.zeros(2, 2, 3).matmul(Tensor.zeros(4, 3, 2)),
                        "matmul: shapes [2] and [4] do not broadcast: axis -1 has extents 2 and 4;"
                                + " they must be equal or one of them 1"),
                new Case(() -> a.matmul(d.transpose()),
                        "matmul: inputs have dtypes f32 and f64; convert one with to(DType)"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> indexing() {
        IntTensor far = IntTensor.of(new int[]{0, 5}, 1, 2);
        return Stream.of( //
                new Case(() -> a.gather(2, index), "gather: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> a.gather(0, index), "gather: index of shape [2] does not fit [2, 3] along axis 0:"
                        + " same rank, and extents no larger elsewhere"),
                new Case(() -> a.gather(0, IntTensor.of(new int[4], 1, 4)),
                        "gather: index of shape [1, 4] does not fit [2, 3] along axis 0:"
                                + " same rank, and extents no larger elsewhere"),
                Case.range(() -> a.gather(0, far),
                        "gather: index 5 is out of range for axis 0 of shape [2, 3]; it must be in 0..1"),
                Case.range(() -> a.gather(0, IntTensor.of(new int[]{-1}, 1, 1)),
                        "gather: index -1 is out of range for axis 0 of shape [2, 3]; it must be in 0..1"),
                new Case(() -> a.indexSelect(2, index),
                        "indexSelect: axis 2 is out of range for shape [2, 3] of rank 2"),
                new Case(() -> a.indexSelect(0, far),
                        "indexSelect: the index must have one axis, got shape [1, 2]"),
                Case.range(() -> a.indexSelect(1, IntTensor.of(0, 3)),
                        "indexSelect: index 3 is out of range for axis 1 of shape [2, 3]; it must be in 0..2"),
                new Case(() -> a.scatterAdd(2, index, Shape.of(4, 3)),
                        "scatterAdd: axis 2 is out of range for shape [4, 3] of rank 2"),
                new Case(() -> a.scatterAdd(0, index, Shape.of(4, 3)),
                        "scatterAdd: index of shape [2] does not fit [4, 3] along axis 0:"
                                + " same rank, and extents no larger elsewhere"),
                new Case(() -> a.scatterAdd(0, far, Shape.of(4, 3)),
                        "scatterAdd: the index has shape [1, 2], the elements [2, 3]"),
                Case.range(() -> Tensor.zeros(1, 2).scatterAdd(1, far, Shape.of(1, 5)),
                        "scatterAdd: index 5 is out of range for axis 1 of shape [1, 5]; it must be in 0..4"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> integers() {
        IntTensor t = IntTensor.of(new int[6], 2, 3);
        return Stream.of( //
                new Case(() -> IntTensor.of(new int[3], 2, 2), "3 values do not fill shape [2, 2], which has 4"),
                Case.range(() -> t.get(2, 0), "index [2, 0] is out of range for shape [2, 3]"),
                new Case(() -> t.reshape(4), "reshape: [2, 3] has 6 elements, [4] has 4"),
                new Case(() -> t.broadcastTo(Shape.of(3)), "broadcastTo: shape [2, 3] does not broadcast to [3]"),
                Case.range(() -> t.slice(1, 3), "slice: 1..3 is not within axis 0 of shape [2, 3]"),
                Case.range(() -> t.slice(-1, 1), "slice: -1..1 is not within axis 0 of shape [2, 3]"),
                Case.range(() -> t.slice(1, 0), "slice: 1..0 is not within axis 0 of shape [2, 3]"),
                new Case(() -> t.eq(index), "eq: shapes [2, 3] and [2]"
                        + " do not broadcast: axis -1 has extents 3 and 2; they must be equal or one of them 1"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> masks() {
        Mask m = a.gt(0), other = b.gt(0);
        return Stream.of( //
                new Case(() -> Mask.of(new boolean[3], 2, 2), "3 values do not fill shape [2, 2], which has 4"),
                Case.range(() -> m.get(0), "index [0] has 1 axes, shape [2, 3] has 2"),
                new Case(() -> m.reshape(4), "reshape: [2, 3] has 6 elements, [4] has 4"),
                Case.range(() -> m.slice(0, 3), "slice: 0..3 is not within axis 0 of shape [2, 3]"),
                new Case(() -> one.gt(0).slice(0, 0), "slice: axis 0 is out of range for shape [] of rank 0"),
                new Case(() -> m.and(other), "and: shapes [2, 3] and [4]"
                        + " do not broadcast: axis -1 has extents 3 and 4; they must be equal or one of them 1"),
                new Case(() -> m.or(other), "or: shapes [2, 3] and [4]"
                        + " do not broadcast: axis -1 has extents 3 and 4; they must be equal or one of them 1"),
                new Case(() -> m.eq(other), "eq: shapes [2, 3] and [4]"
                        + " do not broadcast: axis -1 has extents 3 and 4; they must be equal or one of them 1"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> variables() {
        Variable w = new Variable("w", a), anonymous = new Variable(b);
        return Stream.of( //
                new Case(() -> w.assign(b),
                        "assign: variable w [2, 3] f32 cannot take shape [4] f32; they must be the same"),
                new Case(() -> w.assign(d),
                        "assign: variable w [2, 3] f32 cannot take shape [2, 3] f64; they must be the same"),
                new Case(() -> anonymous.assign(one),
                        "assign: variable [4] f32 cannot take shape [] f32; they must be the same"),
                new Case(() -> w.update((_, _) -> {}, b),
                        "update: variable w [2, 3] f32 cannot take shape [4] f32; they must be the same"),
                new Case(() -> w.update((_, _) -> {}, d),
                        "update: variable w [2, 3] f32 cannot take shape [2, 3] f64; they must be the same"),
                new Case(() -> w.update((_, _) -> {}, a, anonymous),
                        "update: variable w [2, 3] f32 cannot take shape [4] f32; they must be the same"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> listing() {
        Variable w = new Variable("w", one);
        try (var _ = new GradientTape()) {
            w.exp();
            return Stream.of(new Case(IllegalStateException.class, w.node()::op,
                    "node 0 is a leaf: it has no operation")).map(Case::test);
        }
    }
}
