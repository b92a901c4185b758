package autograd.kernels.vector.convolution;

import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Axis;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The scratch memory of a convolution. An image is copied, with its padding, to one plane for each phase of
 * the stride that a kernel element meets. In a plane each step of a window is a step of 1. So, for any
 * stride, dilation and padding, an output is a sum over taps of {@code w[tap] * x[tap + position]} over
 * consecutive positions, if its rows are as wide as those of a plane. What lies between the rows of an output
 * is dropped, or is zero where the output is an operand.
 */
final class PolyphaseLayout {
    /** The layouts that are kept: a model has few, and each of its steps uses the same ones. */
    private static final int MANY = 256;
    private static final Map<Key, PolyphaseLayout> KEPT = new ConcurrentHashMap<>();

    /** The most elements of scratch, unless all parts together, times the second number, have more. */
    private static final int SCRATCH = 1 << 24, TIMES = 16;

    private record Key(Convolution of, int tile) {}

    final int images, groups, in, out, window;
    /** How windows slide down and to the right. */
    final Axis vertical, horizontal;
    /** The extents of images and of outputs. */
    final int height, width, rows, columns;
    /** The rows and columns of a plane, and its size. */
    final int down, across, plane;
    /** The positions of an output, and their number rounded up to a multiple of the tile width. */
    final int length, padded;
    /** The terms of an output element: all elements of a kernel. */
    final int terms;
    /** The phases of rows and of columns that the kernel elements meet; every pair has a plane. */
    final int[] rowPhases, columnPhases;
    /** The index of each term's operand for position 0; repeated to a multiple of 4. */
    final int[] taps;
    /** The largest distance of a kernel element's operand from the position, in its plane. */
    final int most;
    /** The distance between the rows that kernel elements contribute to planes. */
    final int row;
    /** For each phase, the rows that are added up to its plane, shifted back by their taps. */
    final int[][] folds;
    /** The offsets of the channels of an output. */
    final int[] lines;

    static PolyphaseLayout of(Convolution of, int tile) {
        if (KEPT.size() > MANY)
            KEPT.clear();
        return KEPT.computeIfAbsent(new Key(of, tile), k -> new PolyphaseLayout(k.of, k.tile));
    }

    private PolyphaseLayout(Convolution of, int tile) {
        groups = of.groups();
        images = of.image().dim(0);
        in = of.image().dim(1) / groups;
        out = of.kernel().dim(0) / groups;
        window = of.kernel().dim(2) * of.kernel().dim(3);
        vertical = of.rows();
        horizontal = of.columns();
        height = of.image().dim(2);
        width = of.image().dim(3);
        rows = of.output().dim(2);
        columns = of.output().dim(3);
        down = (int) extent(of, vertical, 2);
        across = (int) extent(of, horizontal, 3);
        plane = down * across;
        length = (rows - 1) * across + columns;
        padded = up(length, tile);
        terms = in * window;
        rowPhases = phases(vertical, of.kernel().dim(2));
        columnPhases = phases(horizontal, of.kernel().dim(3));
        int[] ahead = new int[window], phase = new int[window];
        for (int i = 0; i < window; i++) {
            long p = (long) i / of.kernel().dim(3) * vertical.dilation(),
                    q = (long) i % of.kernel().dim(3) * horizontal.dilation();
            ahead[i] = (int) (p / vertical.stride() * across + q / horizontal.stride());
            phase[i] = Arrays.binarySearch(rowPhases, (int) (p % vertical.stride())) * columnPhases.length
                    + Arrays.binarySearch(columnPhases, (int) (q % horizontal.stride()));
        }
        most = IntStream.of(ahead).max().orElse(0);
        row = most + Math.max(padded, up(plane, tile));
        taps = taps(ahead, phase);
        folds = folds(ahead, phase);
        lines = IntStream.range(0, out).map(o -> o * padded).toArray();
    }

    /** The rows or columns of a plane: those that windows reach or that the image has. */
    private static long extent(Convolution of, Axis along, int axis) {
        long reach = (of.output().dim(axis) - 1L) * along.stride() + (of.kernel().dim(axis) - 1L) * along.dilation()
                + 1;
        return Math.ceilDiv(Math.max(reach, of.image().dim(axis) + 2L * along.padding()), along.stride());
    }

    private static int[] phases(Axis along, int size) {
        return IntStream.range(0, size).map(p -> (int) ((long) p * along.dilation() % along.stride()))
                .sorted().distinct().toArray();
    }

    /** The number of phases along an axis. */
    private static int phaseCount(Axis along, int size) {
        return Math.min(size, along.stride() / gcd(along.stride(), along.dilation()));
    }

    private static int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }

    /** Whether scratch is not much larger than the parts. It would be if most of an image were padding. */
    static boolean suits(Convolution of, int tile) { // in double, which does not overflow
        double plane = (double) extent(of, of.rows(), 2) * extent(of, of.columns(), 3) + 2 * tile;
        double in = of.kernel().dim(1), out = (double) of.kernel().dim(0) / of.groups() + 3;
        double window = (double) of.kernel().dim(2) * of.kernel().dim(3);
        double images = in * phaseCount(of.rows(), of.kernel().dim(2)) * phaseCount(of.columns(), of.kernel().dim(3))
                * plane, rows = (window + 3) * 2 * plane,
                kernels = of.groups() * out * (in * window + 3);
        double parts = (double) of.image().size() + of.kernel().size() + of.output().size();
        return images + out * plane + rows + 8 * kernels <= Math.max(SCRATCH, TIMES * parts);
    }

    private int[] taps(int[] ahead, int[] phase) {
        return IntStream.range(0, up(terms, 4)).map(i -> Math.min(i, terms - 1)).map(
                k -> (k / window * phases() + phase[k % window]) * plane + ahead[k % window]).toArray();
    }

    private int[][] folds(int[] ahead, int[] phase) {
        return IntStream.range(0, phases()).mapToObj(f -> IntStream.range(0, window)
                .filter(i -> phase[i] == f).map(i -> i * row - ahead[i]).toArray()).toArray(int[][]::new);
    }

    /** The planes of a channel. */
    int phases() { return rowPhases.length * columnPhases.length; }

    /** Whether every element of an image is in a plane. */
    boolean isWhole() {
        return rowPhases.length == vertical.stride() && columnPhases.length == horizontal.stride();
    }

    /** Whether the only plane of a channel is the channel itself. */
    boolean isInPlace() {
        return isDense(vertical) && isDense(horizontal) && down == height && across == width;
    }

    private static boolean isDense(Axis along) { return along.stride() == 1 && along.padding() == 0; }

    /** The elements of one group of an image, in planes. */
    int spread() { return in * phases() * plane; }

    /** The first row or column of a plane that is in the image, for a phase. */
    static int first(Axis along, int phase) {
        return Math.max(0, Math.ceilDiv(along.padding() - phase, along.stride()));
    }

    /** One more than the last of {@code count} rows or columns that is in the image. */
    static int end(Axis along, int phase, int count, int extent) {
        return Math.clamp(Math.floorDiv(extent - 1L + along.padding() - phase, along.stride()) + 1, 0, count);
    }

    static int up(int n, int unit) { return Math.ceilDiv(n, unit) * unit; }
}
