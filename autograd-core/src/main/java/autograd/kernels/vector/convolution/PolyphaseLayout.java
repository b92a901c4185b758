package autograd.kernels.vector.convolution;

import autograd.kernels.Convolution;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * How a convolution lies in scratch memory. An image is spread, padding included, over one plane for each
 * phase of the stride, so that a step of any window is a step of 1 there. Then an output, laid out in rows as
 * wide as a plane's, is a sum over taps of {@code w[tap] * x[tap + position]} for all positions in a row,
 * whatever stride, dilation and padding; what falls between its own rows is dropped, or is zero when it is an
 * operand.
 */
final class PolyphaseLayout {
    /** So many are kept: a model has few, and each of its steps asks for the same ones. */
    private static final int MANY = 256;
    private static final Map<Key, PolyphaseLayout> KEPT = new ConcurrentHashMap<>();

    private record Key(Convolution of, int tile) {}

    final int images, groups, in, out, window, stride, padding;
    /** Of images, of outputs. */
    final int height, width, rows, columns;
    /** Rows and columns of a plane, and its size. */
    final int down, across, plane;
    /** How many positions an output has, and the next multiple of a tile's width. */
    final int length, padded;
    /** Terms of an output: all elements of a kernel. */
    final int terms;
    /** Where each term's element is when the position is 0; repeated to a multiple of 4. */
    final int[] taps;
    /** How far ahead in its plane an element of a kernel looks at most. */
    final int most;
    /** How far apart the rows begin that the elements of a kernel contribute to planes. */
    final int row;
    /**
     * For each phase: the rows that are added up to its plane, each shifted by how far its element looks ahead.
     */
    final int[][] folds;
    /** Where the channels of an output begin. */
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
        stride = of.stride();
        padding = of.padding();
        height = of.image().dim(2);
        width = of.image().dim(3);
        rows = of.output().dim(2);
        columns = of.output().dim(3);
        down = Math.ceilDiv(height + 2 * padding, stride);
        across = Math.ceilDiv(width + 2 * padding, stride);
        plane = down * across;
        length = (rows - 1) * across + columns;
        padded = up(length, tile);
        terms = in * window;
        int[] ahead = new int[window], phase = new int[window];
        for (int i = 0; i < window; i++) {
            int p = i / of.kernel().dim(3) * of.dilation(), q = i % of.kernel().dim(3) * of.dilation();
            ahead[i] = p / stride * across + q / stride;
            phase[i] = p % stride * stride + q % stride;
        }
        most = IntStream.of(ahead).max().orElse(0);
        row = most + Math.max(padded, up(plane, tile));
        taps = taps(ahead, phase);
        folds = folds(ahead, phase);
        lines = IntStream.range(0, out).map(o -> o * padded).toArray();
    }

    private int[] taps(int[] ahead, int[] phase) {
        return IntStream.range(0, up(terms, 4)).map(i -> Math.min(i, terms - 1)).map(
                k -> (k / window * stride * stride + phase[k % window]) * plane + ahead[k % window]).toArray();
    }

    private int[][] folds(int[] ahead, int[] phase) {
        return IntStream.range(0, stride * stride).mapToObj(f -> IntStream.range(0, window)
                .filter(i -> phase[i] == f).map(i -> i * row - ahead[i]).toArray()).toArray(int[][]::new);
    }

    /** Elements of an image, or of one group of it, spread. */
    int spread() { return in * stride * stride * plane; }

    /** The first row or column of a plane that is in the image, in the given phase. */
    int first(int phase) {
        return Math.max(0, Math.ceilDiv(padding - phase, stride));
    }

    /** One more than the last, of so many, for that extent of the image. */
    int end(int phase, int count, int extent) {
        return Math.min(count, Math.floorDiv(extent - 1 + padding - phase, stride) + 1);
    }

    static int up(int n, int unit) { return Math.ceilDiv(n, unit) * unit; }
}
