package autograd.kernels.vector;

import autograd.kernels.Convolution;

/**
 * How a convolution lies in scratch memory. An image is spread, padding included, over one plane for each
 * phase of the stride, so that a step of any window is a step of 1 there. Then an output, laid out in rows as
 * wide as a plane's, is a sum over taps of {@code w[tap] * x[tap + position]} for all positions in a row,
 * whatever stride, dilation and padding; what falls between its own rows is dropped, or is zero when it is an
 * operand.
 */
final class Planes {
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
    /** For the elements of one channel of a kernel: how far ahead in the plane, and in which plane. */
    final int[] ahead, phase;
    /** The largest of {@link #ahead}. */
    final int most;

    Planes(Convolution of, int tile) {
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
        ahead = new int[window];
        phase = new int[window];
        int furthest = 0;
        for (int i = 0; i < window; i++) {
            int p = i / of.kernel().dim(3) * of.dilation(), q = i % of.kernel().dim(3) * of.dilation();
            ahead[i] = p / stride * across + q / stride;
            phase[i] = p % stride * stride + q % stride;
            furthest = Math.max(furthest, ahead[i]);
        }
        most = furthest;
        taps = new int[up(terms, 4)];
        for (int i = 0; i < taps.length; i++) {
            int k = Math.min(i, terms - 1);
            taps[i] = (k / window * stride * stride + phase[k % window]) * plane + ahead[k % window];
        }
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
