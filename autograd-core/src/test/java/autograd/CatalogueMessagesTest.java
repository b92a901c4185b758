package autograd;

import static autograd.Windows.Sliding.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Joining.Border;
import autograd.MessagesTest.Case;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

/** Further checks of arguments, in the form of {@link MessagesTest}. */
class CatalogueMessagesTest {
    private static final String DTYPES = ": inputs have dtypes f32 and f64; convert one with to(DType)";
    private static final String AXIS = ": axis 2 is out of range for shape [2, 3] of rank 2";
    private static final String TWICE = ": an axis is repeated in [0, -2] for shape [2, 3]";

    private final Tensor a = Tensor.zeros(2, 3), b = Tensor.zeros(4), none = Tensor.zeros(0, 3),
            one = Tensor.scalar(1), d = Tensor.zeros(DType.F64, 2, 3), square = Tensor.eye(3);
    private final Tensor image = Tensor.zeros(1, 2, 4, 4), kernel = Tensor.zeros(3, 2, 2, 2),
            turned = Tensor.zeros(2, 3, 2, 2), sequence = Tensor.zeros(1, 2, 5);
    private final IntTensor index = IntTensor.of(0, 1);

    @TestFactory
    Stream<DynamicTest> making() {
        return Stream.of( //
                new Case(() -> Tensor.arange(DType.F32, 0, Double.POSITIVE_INFINITY, 1), "arange: from 0.0 to Infinity"
                        + " by 1.0 are Infinity numbers; a tensor has at most 2^31 - 1"),
                new Case(() -> Tensor.arange(DType.F32, 0, 1, Double.NaN),
                        "arange: from 0.0 to 1.0 by NaN are NaN numbers; a tensor has at most 2^31 - 1"),
                new Case(() -> index.oneHot(DType.F32, -1), "oneHot: -1 classes for shape [2]"),
                Case.range(() -> index.oneHot(DType.F32, 0), "oneHot: 0 is not one of 0 classes"),
                Case.range(() -> index.oneHot(DType.F32, 1), "oneHot: 1 is not one of 1 classes"),
                Case.range(() -> IntTensor.of(-1).oneHot(DType.F32, 2), "oneHot: -1 is not one of 2 classes"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> elementwise() {
        String shapes = ": shapes [2, 3] and [4] do not broadcast: axis -1 has extents 3 and 4;"
                + " they must be equal or one of them 1";
        Mask m = a.gt(0), mask = b.gt(0);
        return Stream.of( //
                new Case(() -> a.clamp(1, 0), "clamp: min 1.0 and max 0.0 are not in order"),
                new Case(() -> a.clamp(Double.NaN, 0), "clamp: min NaN and max 0.0 are not in order"),
                new Case(() -> a.atan2(b), "atan2" + shapes), new Case(() -> a.atan2(d), "atan2" + DTYPES),
                new Case(() -> a.hypot(b), "hypot" + shapes), new Case(() -> a.hypot(d), "hypot" + DTYPES),
                new Case(() -> a.maskedFill(mask, 0), "maskedFill: shapes [4] and [2, 3] do not broadcast:"
                        + " axis -1 has extents 4 and 3; they must be equal or one of them 1"),
                new Case(() -> m.xor(mask), "xor" + shapes), new Case(() -> m.and(mask), "and" + shapes),
                new Case(() -> m.or(mask), "or" + shapes), new Case(() -> m.transpose(0, 2), "transpose" + AXIS),
                Case.range(() -> m.select(0, 2),
                        "select: index 2 is out of range for axis 0 of shape [2, 3]; it must be in -2..1"),
                new Case(() -> index.add(IntTensor.of(1, 2, 3)), "add: shapes [2] and [3] do not broadcast:"
                        + " axis -1 has extents 2 and 3; they must be equal or one of them 1"),
                new Case(() -> index.add(Integer.MAX_VALUE), "add: of 1 and 2147483647 it is 2147483648,"
                        + " which is not an int; convert both with to(DType.F64)"),
                new Case(() -> index.floorDiv(0), "floorDiv: 0 cannot be divided by 0"),
                new Case(() -> index.mod(0), "mod: 0 cannot be divided by 0"),
                new Case(() -> m.any(2), "any" + AXIS), new Case(() -> m.all(2), "all" + AXIS)).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> reductions() {
        String empty = ": axis 0 of shape [0, 3] has no elements";
        String correction = ": the correction is -1, it must not be negative";
        double infinity = Double.POSITIVE_INFINITY;
        return Stream.of( //
                new Case(() -> a.prod(2), "prod" + AXIS), new Case(() -> a.prod(0, -2), "prod" + TWICE),
                new Case(() -> a.variance(2), "variance" + AXIS),
                new Case(() -> a.variance(0, -2), "variance" + TWICE),
                new Case(() -> a.variance(-1, false), "variance" + correction),
                new Case(() -> a.std(2), "std" + AXIS), new Case(() -> a.std(0, -2), "std" + TWICE),
                new Case(() -> a.std(-1, false, 0), "std" + correction),
                new Case(() -> a.norm(0.5), "norm: p is 0.5, it must be at least 1; axes come after it"),
                new Case(() -> a.norm(Double.NaN, 0), "norm: p is NaN, it must be at least 1; axes come after it"),
                new Case(() -> a.norm(1, 2), "norm" + AXIS), new Case(() -> a.norm(2, 0, -2), "norm" + TWICE),
                new Case(() -> a.norm(infinity, 2), "norm" + AXIS),
                new Case(() -> none.norm(infinity), "norm" + empty),
                new Case(() -> a.cumsum(2), "cumsum" + AXIS), new Case(() -> a.cumprod(2), "cumprod" + AXIS),
                new Case(() -> a.sort(2), "sort" + AXIS), new Case(() -> a.argSort(2, true), "argSort" + AXIS),
                new Case(() -> a.cumMax(2), "cumMax" + AXIS), new Case(() -> a.logCumSumExp(2), "logCumSumExp" + AXIS),
                new Case(() -> a.median(2), "median" + AXIS), new Case(() -> none.median(0), "median" + empty),
                new Case(() -> a.quantile(0.5, 2), "quantile" + AXIS),
                new Case(() -> none.quantile(0.5, 0), "quantile" + empty),
                new Case(() -> a.quantile(1.5), "quantile: q is 1.5, it must be from 0 to 1; axes come after it"),
                new Case(() -> a.searchSorted(a), "searchSorted: the tensor must have one axis, got shape [2, 3]"),
                new Case(() -> Tensor.of(2, 1.0).searchSorted(a), "searchSorted: element 1 is 1.0 after 2.0;"
                        + " the elements must ascend, as sort(0) orders them"),
                new Case(() -> a.normalize(2), "normalize" + AXIS),
                new Case(() -> a.normalize(0.5, 0), "normalize: p is 0.5, it must be at least 1"),
                new Case(() -> a.scatter(0, index, a), "scatter: index of shape [2] does not fit [2, 3] along axis 0:"
                        + " same rank, and extents no larger elsewhere"),
                new Case(() -> b.scatter(0, index, b), "scatter: the index has shape [2], the values [4]"),
                Case.range(() -> b.scatterMax(0, IntTensor.of(4), one.reshape(1)),
                        "scatterMax: index 4 is out of range for axis 0 of shape [4]; it must be in 0..3"),
                new Case(() -> a.cosineSimilarity(d, 0), "cosineSimilarity" + DTYPES),
                new Case(() -> a.cosineSimilarity(a, 2), "cosineSimilarity" + AXIS),
                new Case(() -> a.pairwiseDistance(d), "pairwiseDistance" + DTYPES),
                new Case(() -> one.pairwiseDistance(one),
                        "pairwiseDistance: needs vectors along the last axis, got shapes [] and []"),
                new Case(() -> a.cdist(b), "cdist: shapes [2, 3] and [4] must be [.., m, d] and [.., n, d]"),
                new Case(() -> Tensor.meshgrid(a), "meshgrid: needs vectors, got shape [2, 3]"),
                new Case(() -> Tensor.linspace(0, 1, -1), "linspace: -1 numbers; there must be at least 0"),
                new Case(() -> a.topK(1, 2), "topK" + AXIS),
                new Case(() -> a.topK(4, -1), "topK: k is 4, axis -1 of shape [2, 3] has 3 elements"),
                new Case(() -> a.topK(-1, 0), "topK: k is -1, axis 0 of shape [2, 3] has 2 elements"),
                new Case(() -> a.argMin(2), "argMin" + AXIS), new Case(() -> none.argMin(0), "argMin" + empty))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> movement() {
        return Stream.of( //
                new Case(() -> a.reshape(-2, -3), "reshape: [-2, -3] has a negative extent"),
                new Case(() -> a.flatten(2), "flatten" + AXIS), new Case(() -> a.flip(2), "flip" + AXIS),
                new Case(() -> a.flip(0, -2), "flip" + TWICE),
                new Case(() -> b.diagonal(), "diagonal: axis 1 is out of range for shape [4] of rank 1"),
                new Case(() -> a.diagonal(0, 0, -2), "diagonal: axes 0 and -2 are the same"),
                new Case(() -> b.trace(), "trace: needs two axes, got shape [4]"),
                new Case(() -> b.tril(0), "tril: needs two axes, got shape [4]"),
                new Case(() -> one.triu(0), "triu: needs two axes, got shape []")).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> joining() {
        int[] two = {2, 0}, no = {0, 0};
        int most = Integer.MAX_VALUE;
        return Stream.of( //
                new Case(() -> Tensor.stack(0), "stack: needs at least one tensor"),
                new Case(() -> Tensor.stack(0, a, b), "stack: shapes [2, 3] and [4] differ"),
                new Case(() -> Tensor.stack(0, a, d), "stack" + DTYPES),
                new Case(() -> Tensor.stack(3, a, a), "stack: axis 3 is out of range for shape [2, 3]"),
                new Case(() -> Tensor.stack(-4, a, a), "stack: axis -4 is out of range for shape [2, 3]"),
                new Case(() -> a.split(2, 1), "split" + AXIS),
                new Case(() -> a.split(0), "split: extents [] do not add up to axis 0 of shape [2, 3]"),
                new Case(() -> a.split(1, -1, 4),
                        "split: extents [-1, 4] do not add up to axis 1 of shape [2, 3]"),
                new Case(() -> a.split(0, most, most, 4), "split: extents [2147483647, 2147483647, 4]"
                        + " do not add up to axis 0 of shape [2, 3]"),
                new Case(() -> a.chunk(2, 1), "chunk" + AXIS),
                new Case(() -> a.chunk(0, 0), "chunk: the count is 0, it must be at least 1"),
                new Case(() -> a.roll(1, 2), "roll" + AXIS),
                new Case(() -> a.pad(new int[]{1}, no, 0), "pad: before [1] and after [0, 0]"
                        + " must have a non-negative entry for each axis of shape [2, 3]"),
                new Case(() -> a.pad(no, new int[]{-1, 0}, 0), "pad: before [0, 0] and after [-1, 0]"
                        + " must have a non-negative entry for each axis of shape [2, 3]"),
                new Case(() -> a.pad(two, no, Border.REFLECT),
                        "pad: axis 0 of shape [2, 3] is too short for REFLECT padding by 2"),
                new Case(() -> none.pad(no, two, Border.EDGE),
                        "pad: axis 0 of shape [0, 3] is too short for EDGE padding by 2"),
                new Case(() -> a.tile(1, -1), "tile: the repeats [1, -1] of shape [2, 3] must not be negative"),
                new Case(() -> a.repeat(1, 2), "repeat" + AXIS),
                new Case(() -> a.repeat(-1, 0), "repeat: -1 times is negative")).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> matrices() {
        String rows = " do not match: the second needs as many rows as the first";
        Class<ArithmeticException> arithmetic = ArithmeticException.class;
        return Stream.of( //
                new Case(() -> a.dot(b), "dot: needs two vectors of one length, got shapes [2, 3] and [4]"),
                new Case(() -> b.dot(b.to(DType.F64)), "dot" + DTYPES),
                new Case(() -> a.outer(b), "outer: needs two vectors, got shapes [2, 3] and [4]"),
                new Case(() -> b.outer(b.to(DType.F64)), "outer" + DTYPES),
                new Case(() -> a.solve(b), "solve: needs square matrices, got shape [2, 3]"),
                new Case(() -> square.solve(b), "solve: shapes [3, 3] and [4]" + rows),
                new Case(() -> square.solve(one), "solve: shapes [3, 3] and []" + rows),
                new Case(() -> square.solve(a), "solve: shapes [3, 3] and [2, 3]" + rows),
                new Case(() -> Tensor.zeros(2, 3, 3).solve(Tensor.zeros(4, 3, 1)),
                        "solve: shapes [2] and [4] do not broadcast: axis -1 has extents 2 and 4;"
                                + " they must be equal or one of them 1"),
                new Case(() -> square.solve(Tensor.zeros(DType.F64, 3)), "solve" + DTYPES),
                new Case(arithmetic, () -> Tensor.zeros(3, 3).solve(Tensor.ones(3)),
                        "solve: a matrix of shape [3, 3] is singular"),
                new Case(() -> a.inverse(), "inverse: needs square matrices, got shape [2, 3]"),
                new Case(arithmetic, () -> Tensor.zeros(2, 2, 2).inverse(),
                        "inverse: a matrix of shape [2, 2, 2] is singular"),
                new Case(() -> a.det(), "det: needs square matrices, got shape [2, 3]"),
                new Case(() -> b.slogdet(), "slogdet: needs square matrices, got shape [4]"),
                new Case(() -> a.cholesky(), "cholesky: needs square matrices, got shape [2, 3]"),
                new Case(arithmetic, () -> Tensor.zeros(2, 2).cholesky(),
                        "cholesky: a matrix of shape [2, 2] is not positive definite"))
                .map(Case::test);
    }

    private static Case einsum(String equation, String why, Tensor... operands) {
        return new Case(() -> Tensor.einsum(equation, operands), "einsum \"" + equation + "\": " + why);
    }

    @TestFactory
    Stream<DynamicTest> einsum() {
        String once = ", which must stand in an operand, and once in the output";
        return Stream.of( //
                einsum("", "it names 1 operands, there are 0"),
                einsum("ij,jk", "it names 2 operands, there are 1", a),
                einsum("ij->ij->ij", "it has more than one ->", a),
                einsum("\uE001j", "it has a character that is not a letter", a),
                einsum("", "'' does not name the axes of shape [2, 3]", a),
                einsum("ijk", "'ijk' does not name the axes of shape [2, 3]", a),
                einsum("...ijk", "'...ijk' does not name the axes of shape [2, 3]", a),
                einsum("i1->i", "'1' is not a letter", a),
                einsum("ii", "axis i has extents 2 and 3", a),
                einsum("ij,jk->ik", "axis j has extents 3 and 2", a, a),
                einsum("...,...->...", "axis under ... has extents 3 and 4", a, b),
                einsum("ij->k", "the output names k" + once, a),
                einsum("ij->ii", "the output names i" + once, a),
                einsum("ij,ij->", "inputs have dtypes f32 and f64; convert one with to(DType)", a, d))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> windows() {
        return Stream.of( //
                new Case(() -> a.unfold(2, 1, 1, 1), "unfold" + AXIS), unfold(0, 1, 1), unfold(1, 0, 1),
                unfold(1, 1, 0), unfold(5, 1, 1), unfold((1 << 16) + 1, 1, 1 << 16), unfold(3, 1, 1 << 30),
                new Case(() -> a.fold(2, 1, 1, 4), "fold" + AXIS), fold(1, 1, 1, 4), fold(0, 0, 1, 4),
                fold(0, 1, 0, 4), fold(0, 1, 1, 3), fold(0, 1, 1 << 30, 4),
                new Case(() -> none.fold(0, 9, 1, -1), "fold: windows of shape [0, 3] at step 9 and dilation 1"
                        + " do not fit extent -1 in place of axis 0"),
                sliding(0, 0, 1, 1), sliding(1, -1, 1, 1), sliding(1, 0, 0, 1), sliding(1, 0, 1, 0))
                .map(Case::test);
    }

    private Case unfold(int size, int step, int dilation) {
        return new Case(() -> b.unfold(0, size, step, dilation), "unfold: windows of size " + size + ", step " + step
                + " and dilation " + dilation + " (all at least 1) do not fit axis 0 of shape [4]");
    }

    private Case fold(int axis, int step, int dilation, int extent) {
        return new Case(() -> a.fold(axis, step, dilation, extent), "fold: windows of shape [2, 3] at step " + step
                + " and dilation " + dilation + " do not fit extent " + extent + " in place of axis " + axis);
    }

    private static Case sliding(int stride, int padding, int dilation, int groups) {
        return new Case(() -> new Sliding(stride, padding, dilation, groups),
                groups < 1
                        ? "sliding: groups " + groups + " must be at least 1"
                        : "sliding: stride " + stride + " and dilation " + dilation + " must be at least 1, padding "
                                + padding + " at least 0");
    }

    @TestFactory
    Stream<DynamicTest> convolutions() {
        String images = "conv2d: images [1, 2, 4, 4] and kernels ";
        String is = " groups do not match: they are [n, in, h, w] and [out, in / groups, h, w]";
        String lines = "conv1d: sequences [1, 2, 5] and kernels ";
        String are = " groups do not match: they are [n, in, length] and [out, in / groups, size]";
        String fit = " do not fit into shape [1, 2, 4, 4] with padding 0";
        String transposed = "convTranspose2d: images [1, 2, 4, 4] and kernels [3, 2, 2, 2] in 1"
                + " groups do not match: they are [n, in, h, w] and [in, out / groups, h, w]";
        String more = " must be at least 0 and less than stride 1 or dilation 1";
        return Stream.of( //
                new Case(() -> image.conv2d(a), images + "[2, 3] in 1" + is),
                new Case(() -> image.conv2d(turned.reshape(6, 1, 2, 2)), images + "[6, 1, 2, 2] in 1" + is),
                new Case(() -> image.conv2d(Tensor.zeros(3, 1, 2, 2), DEFAULT.groups(2)),
                        images + "[3, 1, 2, 2] in 2" + is),
                new Case(() -> image.conv2d(kernel.to(DType.F64)), "conv2d" + DTYPES),
                new Case(() -> image.conv2d(Tensor.zeros(3, 2, 1, 5)), "conv2d: windows [1, 5] with dilation 1" + fit),
                new Case(() -> image.conv2d(Tensor.zeros(3, 2, 0, 1)), "conv2d: windows [0, 1] with dilation 1" + fit),
                new Case(() -> image.conv2d(kernel, DEFAULT.dilation(4)),
                        "conv2d: windows [2, 2] with dilation 4" + fit),
                new Case(() -> image.conv2d(kernel, DEFAULT.dilation(1, 4).padding(1, 0)), "conv2d: windows [2, 2]"
                        + " with dilation [1, 4] do not fit into shape [1, 2, 4, 4] with padding [1, 0]"),
                new Case(() -> DEFAULT.samePadding().stride(1, 2), "sliding: samePadding() needs stride 1, the stride"
                        + " is [1, 2]; choose a padding instead"),
                new Case(() -> sequence.conv1d(Tensor.zeros(3, 2, 2), DEFAULT.stride(1, 2)),
                        "conv1d: sequences have one"
                                + " axis, but the windows slide by Step[stride=1, padding=0, dilation=1] and Step[stride=2,"
                                + " padding=0, dilation=1]; say stride, padding and dilation with one number"),
                new Case(() -> image.convTranspose2d(turned, DEFAULT.samePadding(), 0),
                        "convTranspose2d: samePadding() is for convolutions; choose a padding instead"),
                new Case(() -> sequence.conv1d(a, DEFAULT), lines + "[2, 3] in 1" + are),
                new Case(() -> sequence.conv1d(Tensor.zeros(3, 1, 2), DEFAULT), lines + "[3, 1, 2] in 1" + are),
                new Case(() -> sequence.conv1d(Tensor.zeros(DType.F64, 3, 2, 2), DEFAULT), "conv1d" + DTYPES),
                new Case(() -> sequence.conv1d(Tensor.zeros(3, 2, 8), DEFAULT.padding(1)),
                        "conv1d: windows [8] with dilation 1 do not fit into shape [1, 2, 5] with padding 1"),
                new Case(() -> image.convTranspose2d(kernel, DEFAULT, 0), transposed),
                new Case(() -> image.convTranspose2d(turned.to(DType.F64), DEFAULT, 0), "convTranspose2d" + DTYPES),
                new Case(() -> image.convTranspose2d(turned, DEFAULT, -1),
                        "convTranspose2d: outputPadding -1" + more),
                new Case(() -> image.convTranspose2d(turned, DEFAULT, 1), "convTranspose2d: outputPadding 1" + more),
                new Case(() -> image.convTranspose2d(turned, DEFAULT.padding(3), 0),
                        "convTranspose2d: padding 3 is more than the output of images [1, 2, 4, 4]"
                                + " and kernels [2, 3, 2, 2] has: 5 along axis 2"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> pooling() {
        String average = "avgPool2d: needs images [n, c, h, w], size and stride of at least 1"
                + " and padding of at least 0, got shape ";
        String largest = "maxPool2d: needs images [n, c, h, w], size and stride of at least 1"
                + " and padding of at least 0 and at most half the size, got shape ";
        String windows = ": windows [5, 5] with dilation 1 do not fit into shape [1, 2, 4, 4] with padding 0";
        return Stream.of( //
                new Case(() -> a.maxPool2d(2, 1, 0), largest + "[2, 3], size 2, stride 1 and padding 0"),
                new Case(() -> image.maxPool2d(0, 1, 0), largest + "[1, 2, 4, 4], size 0, stride 1 and padding 0"),
                new Case(() -> image.maxPool2d(2, 0, 0), largest + "[1, 2, 4, 4], size 2, stride 0 and padding 0"),
                new Case(() -> image.maxPool2d(2, 1, 2), largest + "[1, 2, 4, 4], size 2, stride 1 and padding 2"),
                new Case(() -> image.maxPool2d(5, 1, 0), "maxPool2d" + windows),
                new Case(() -> Tensor.zeros(1, 2, 0, 4).maxPool2d(2, 1, 1), "maxPool2d: images of shape [1, 2, 0, 4]"
                        + " have no element that could be the largest: height and width must be at least 1"),
                new Case(() -> Tensor.zeros(1, 2, 4, 0).maxPool2d(2, 1, 1), "maxPool2d: images of shape [1, 2, 4, 0]"
                        + " have no element that could be the largest: height and width must be at least 1"),
                new Case(() -> a.avgPool2d(2, 1, 0), average + "[2, 3], size 2, stride 1 and padding 0"),
                new Case(() -> image.avgPool2d(0, 1, 0), average + "[1, 2, 4, 4], size 0, stride 1 and padding 0"),
                new Case(() -> image.avgPool2d(2, 0, 0), average + "[1, 2, 4, 4], size 2, stride 0 and padding 0"),
                new Case(() -> image.avgPool2d(2, 1, -1), average + "[1, 2, 4, 4], size 2, stride 1 and padding -1"),
                new Case(() -> image.avgPool2d(20000, 1, 10000),
                        "avgPool2d: windows of 20000 x 20000 are too large for "
                                + "shape [1, 2, 4, 4]; use mean(2, 3) for the mean of whole images"),
                new Case(() -> image.avgPool2d(5, 1, 0), "avgPool2d" + windows)).map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> normalization() {
        Tensor w = Tensor.ones(3), v = w.to(DType.F64), c = Tensor.ones(2);
        String channels = " must have the extent of axis 1 of shape [2, 3]";
        return Stream.of( //
                new Case(() -> a.standardize(1, 2), "standardize" + AXIS),
                new Case(() -> a.standardize(1, 0, -2), "standardize" + TWICE),
                new Case(() -> a.layerNorm(b, b, 1),
                        "layerNorm: the weight [4] must have the last extents of the input [2, 3]"),
                new Case(() -> a.layerNorm(w, b, 1), "layerNorm: the bias [4] must have the shape of the weight [3]"),
                new Case(() -> a.layerNorm(w, v, 1), "layerNorm" + DTYPES),
                new Case(() -> a.rmsNorm(one, 1),
                        "rmsNorm: the weight [] must have the last extents of the input [2, 3]"),
                new Case(() -> a.rmsNorm(v, 1), "rmsNorm" + DTYPES),
                new Case(() -> a.batchNorm(b, b, 1), "batchNorm: weight [4] and bias [4]" + channels),
                new Case(() -> a.batchNorm(w, b, 1), "batchNorm: weight [3] and bias [4]" + channels),
                new Case(() -> a.batchNorm(w, v, 1), "batchNorm" + DTYPES),
                new Case(() -> a.groupNorm(1, w, b, 1), "groupNorm: weight [3] and bias [4]" + channels),
                new Case(() -> a.groupNorm(1, v, w, 1), "groupNorm" + DTYPES),
                new Case(() -> image.groupNorm(3, c, c, 1),
                        "groupNorm: 2 channels of shape [1, 2, 4, 4] do not divide into 3 groups"),
                new Case(() -> image.groupNorm(0, c, c, 1),
                        "groupNorm: 2 channels of shape [1, 2, 4, 4] do not divide into 0 groups"))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> losses() {
        return Stream.of( //
                new Case(() -> a.softmaxCrossEntropy(b),
                        "softmaxCrossEntropy: logits [2, 3] and targets [4] must have one shape, classes last"),
                new Case(() -> a.softmaxCrossEntropy(d), "softmaxCrossEntropy" + DTYPES),
                new Case(() -> a.sparseSoftmaxCrossEntropy(IntTensor.of(0)), "sparseSoftmaxCrossEntropy:"
                        + " logits [2, 3] need labels of their shape without the last axis, got [1]"),
                Case.range(() -> a.sparseSoftmaxCrossEntropy(IntTensor.of(0, 3)),
                        "sparseSoftmaxCrossEntropy: label 3 is out of range for logits [2, 3]; the classes are 0..2"),
                new Case(() -> a.binaryCrossEntropyWithLogits(b),
                        "binaryCrossEntropyWithLogits: logits [2, 3] and targets [4] must have one shape"),
                new Case(() -> a.binaryCrossEntropyWithLogits(d), "binaryCrossEntropyWithLogits" + DTYPES))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> functional() {
        String single = "grad: f(x) has shape [2, 3], it must be a single number;"
                + " reduce it, for example by sum(), or use vjp";
        String vector = ": v has shape [4] f32, x [2, 3] f32; they must be the same";
        return Stream.of( //
                new Case(() -> Functional.grad(Tensor::exp).apply(a), single),
                new Case(() -> Functional.hessian(Tensor::exp).apply(a), single),
                new Case(() -> Functional.vjp(Tensor::sum, a, b),
                        "vjp: g has shape [4] f32, f(x) [] f32; they must be the same"),
                new Case(() -> Functional.vjp(Tensor::exp, a, d),
                        "vjp: g has shape [2, 3] f64, f(x) [2, 3] f32; they must be the same"),
                new Case(() -> Functional.jvp(Tensor::exp, a, b), "jvp" + vector),
                new Case(() -> Functional.hvp(Tensor::sum, a, b), "hvp" + vector),
                new Case(IllegalStateException.class, () -> Functional.grad(x -> Functional
                        .customVjp(in -> in[0].mul(in[1]), (g, _, _) -> new Tensor[]{g}).of(x, x).sum()).apply(a),
                        "customVjp: the rule gave 1 cotangents for 2 inputs"))
                .map(Case::test);
    }

    @Test
    void functionWithoutInputs() {
        var f = Functional.customVjp(in -> in[0], (g, _, _) -> new Tensor[]{g});
        Exception e = assertThrows(IllegalArgumentException.class, f::of);
        assertTrue(e.getMessage().contains("at least one tensor"), e.getMessage());
    }

    /** An empty batch has no groups to standardize, so the check of groups must accept it. */
    @Test
    void nothing() {
        Tensor c = Tensor.ones(2), no = Tensor.zeros(0, 2, 4, 4);
        assertEquals(Shape.of(0, 2, 4, 4), no.groupNorm(2, c, c, 1).shape());
    }
}
