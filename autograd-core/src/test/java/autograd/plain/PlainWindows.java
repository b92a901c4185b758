package autograd.plain;

import static autograd.plain.Definitions.Trait.KINKS;
import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.concat;
import static autograd.plain.Plain.demand;
import static autograd.plain.Plain.longs;
import static autograd.plain.Plain.with;

import autograd.plain.Given.Slide;

import java.util.Arrays;

/** Sliding windows: convolution and pooling, of images that may be smaller than a window with its padding. */
final class PlainWindows extends Definitions {
    private static final Slide ONE = new Slide(1, 0, 1, 1);

    PlainWindows() {
        folds();
        convolutions();
        transposed();
        pooling();
    }

    private void folds() {
        define("unfold", d -> {
            int[] dims = d.full(1, 3);
            int at = d.axis(dims.length), size = d.in(1, 3), dilation = d.in(1, 3);
            dims[axis(at, dims.length)] = (size - 1) * dilation + d.in(1, 4);
            return Given.of(d.array(dims), at, size, d.in(1, 3), dilation);
        }, g -> {
            int at = g.axisOf(1);
            long size = g.integer(2), step = g.integer(3), dilation = g.integer(4);
            demand(size >= 1 && step >= 1 && dilation >= 1, "sizes of windows");
            long rest = g.x().dim(at) - 1 - (size - 1) * dilation;
            demand(rest >= 0, "room for a window");
            long[] dims = Arrays.copyOf(longs(g.x().dims()), g.x().rank() + 1);
            dims[at] = rest / step + 1;
            dims[g.x().rank()] = size;
            return Plain.of(dims, i -> g.x().at(with(Arrays.copyOf(i, g.x().rank()), at,
                    (int) (i[at] * step + i[g.x().rank()] * dilation))));
        });
        define("fold", d -> {
            int[] dims = d.full(2, 4);
            int at = d.in(0, dims.length - 2), step = d.in(1, 3), dilation = d.in(1, 3);
            int extent = (dims[at] - 1) * step + (dims[dims.length - 1] - 1) * dilation + d.in(1, 3);
            return Given.of(d.array(dims), d.flag() ? at : at - dims.length, step, dilation, extent);
        }, g -> {
            int at = g.axisOf(1), last = g.x().rank() - 1;
            long step = g.integer(2), dilation = g.integer(3), extent = g.integer(4);
            demand(at != last && step >= 1 && dilation >= 1 && extent >= 0, "windows along another axis");
            demand((g.x().dim(at) - 1) * step + (g.x().dim(last) - 1) * dilation < extent, "room for all windows");
            Plain y = Plain.zeros(with(Arrays.copyOf(g.x().dims(), last), at, extent));
            Plain.forEach(g.x().dims(), i -> y.add(g.x().at(i),
                    with(Arrays.copyOf(i, last), at, (int) (i[at] * step + i[last] * dilation))));
            return y;
        });
    }

    // ---- convolution

    private void convolutions() {
        define("conv2d", d -> {
            Object[] all = images(d, 2);
            return Given.of(all);
        }, g -> correlated("conv2d", g.x(), g.plain(1), g.slide(2)));
        define("conv2d", d -> {
            int in = d.channels();
            return Given.of(d.array(d.in(0, 2), in, 2 + d.pixels(), 2 + d.pixels()),
                    d.array(d.in(1, 3), in, d.in(1, 2), d.in(1, 2)));
        }, g -> correlated("conv2d", g.x(), g.plain(1), ONE));
        define("conv1d", d -> Given.of(images(d, 1)), g -> {
            Plain x = g.x(), w = g.plain(1);
            Slide s = g.slide(2);
            demand(x.rank() == 3 && w.rank() == 3, "sequences");
            demand(s.stride()[0] == s.stride()[1] && s.padding()[0] == s.padding()[1]
                    && s.dilation()[0] == s.dilation()[1], "one axis");
            int[] length = {1, s.stride()[1]}, around = {0, s.padding()[1]}, apart = {1, s.dilation()[1]};
            Plain y = correlated("conv1d", x.as(x.dim(0), x.dim(1), 1, x.dim(2)), w.as(w.dim(0), w.dim(1), 1, w.dim(2)),
                    new Slide(length, around, apart, s.groups(), s.same()));
            return y.as(y.dim(0), y.dim(1), y.dim(3));
        });
    }

    /** How windows slide, along both axes alike or not. */
    private static Slide slide(Draw d, boolean alike, boolean same) {
        int[] stride = {same ? 1 : d.in(1, 3), same ? 1 : d.in(1, 3)}, padding = {d.in(0, 2), d.in(0, 2)},
                dilation = {d.in(1, 3), d.in(1, 3)};
        return alike
                ? new Slide(new int[]{stride[0], stride[0]}, new int[]{padding[0], padding[0]},
                        new int[]{dilation[0], dilation[0]}, d.in(1, 2), same)
                : new Slide(stride, padding, dilation, d.in(1, 2), same);
    }

    /** Images with so many axes of pixels, kernels, and how these slide. */
    private static Object[] images(Draw d, int axes) {
        Slide s = slide(d, axes == 1 || d.flag(), d.in(0, 3) == 0);
        int in = d.channels(), out = d.channels();
        int[] x = new int[2 + axes], w = x.clone();
        x[0] = d.of(0, 1, 2);
        x[1] = s.groups() * in;
        w[0] = s.groups() * out;
        w[1] = in;
        for (int a = 0; a < axes; a++) {
            w[2 + a] = d.in(1, 3);
            x[2 + a] = Math.max((w[2 + a] - 1) * s.dilation()[a] + 1 - 2 * s.padding()[a], 1) + d.pixels();
        }
        return new Object[]{d.array(x), d.array(w), s};
    }

    private static Plain correlated(String method, Plain x, Plain w, Slide s) {
        demand(x.rank() == 4 && w.rank() == 4 && (long) w.dim(1) * s.groups() == x.dim(1) && w.dim(0) % s.groups() == 0,
                "images and kernels for " + method);
        long[] y = {x.dim(0), w.dim(0), windows(x.dim(2), w.dim(2), s, 0), windows(x.dim(3), w.dim(3), s, 1)};
        int out = w.dim(0) / s.groups();
        return Plain.of(y, i -> {
            double sum = 0;
            for (int c = 0; c < w.dim(1); c++)
                for (int p = 0; p < w.dim(2); p++)
                    for (int q = 0; q < w.dim(3); q++) {
                        long r = at(i[2], p, w.dim(2), s, 0), t = at(i[3], q, w.dim(3), s, 1);
                        if (r >= 0 && t >= 0 && r < x.dim(2) && t < x.dim(3))
                            sum += w.at(i[1], c, p, q) * x.at(i[0], i[1] / out * w.dim(1) + c, (int) r, (int) t);
                    }
            return sum;
        });
    }

    private static long windows(long extent, long size, Slide s, int axis) {
        long rest = extent + 2L * s.padding()[axis] - (size - 1) * s.dilation()[axis] - 1;
        demand(size >= 1 && (s.same() ? extent > 0 : rest >= 0), "room for a window");
        demand(!s.same() || (size - 1) * s.dilation()[axis] <= Integer.MAX_VALUE, "a window of a sensible size");
        return s.same() ? extent : rest / s.stride()[axis] + 1;
    }

    /** Where element p of window i lies along an axis. */
    private static long at(long i, long p, long size, Slide s, int axis) {
        long before = s.same() ? (size - 1) * s.dilation()[axis] / 2 : s.padding()[axis];
        return i * s.stride()[axis] + p * s.dilation()[axis] - before;
    }

    private void transposed() {
        define("convTranspose2d", d -> {
            Slide s = slide(d, d.flag(), false);
            int in = d.channels() * s.groups();
            int[] kernel = {in, d.channels(), d.in(1, 3), d.in(1, 3)}, extents = {1 + d.pixels(), 1 + d.pixels()};
            for (int a = 0; a < 2; a++)
                while ((extents[a] - 1) * s.stride()[a] + (kernel[2 + a] - 1) * s.dilation()[a] + 1 < 2
                        * s.padding()[a])
                    extents[a]++;
            return Given.of(d.array(d.in(0, 2), in, extents[0], extents[1]), d.array(kernel), s, d.in(0, more(s) - 1));
        }, g -> {
            Plain x = g.x(), w = g.plain(1);
            Slide s = g.slide(2);
            int more = g.integer(3);
            demand(x.rank() == 4 && w.rank() == 4 && w.dim(0) == x.dim(1) && x.dim(1) % s.groups() == 0,
                    "images and kernels");
            demand(0 <= more && more < more(s), "an outputPadding");
            Plain y = Plain.zeros(x.dim(0), (long) w.dim(1) * s.groups(), reach(x.dim(2), w.dim(2), s, 0, more),
                    reach(x.dim(3), w.dim(3), s, 1, more));
            int in = x.dim(1) / s.groups();
            Plain.forEach(x.dims(), i -> Plain.forEach(new int[]{w.dim(1), w.dim(2), w.dim(3)}, k -> {
                long r = at(i[2], k[1], w.dim(2), s, 0), t = at(i[3], k[2], w.dim(3), s, 1);
                if (r >= 0 && t >= 0 && r < y.dim(2) && t < y.dim(3))
                    y.add(x.at(i) * w.at(i[1], k[0], k[1], k[2]), i[0], i[1] / in * w.dim(1) + k[0], (int) r, (int) t);
            }));
            return y;
        });
    }

    private static int more(Slide s) {
        return Math.min(Math.max(s.stride()[0], s.dilation()[0]), Math.max(s.stride()[1], s.dilation()[1]));
    }

    private static long reach(long count, long size, Slide s, int axis, int more) {
        long whole = (count - 1) * s.stride()[axis] + (size - 1) * s.dilation()[axis] + 1 + more;
        demand(whole >= 2L * s.padding()[axis], "more than is cut off");
        return whole - 2L * s.padding()[axis];
    }

    // ---- pooling

    private void pooling() {
        define("maxPool2d", d -> pooled(d, true), g -> {
            demand(g.integer(3) <= g.integer(1) / 2, "at most half a window of padding");
            demand(g.x().rank() == 4 && g.x().dim(2) > 0 && g.x().dim(3) > 0, "pixels");
            return pooled(g, (best, v) -> Double.isNaN(best) || v > best ? v : best, best -> best);
        }, KINKS);
        define("avgPool2d", d -> pooled(d, false), g -> {
            double all = (double) g.integer(1) * g.integer(1);
            return pooled(g, (sum, v) -> Double.isNaN(sum) ? v : sum + v, sum -> Double.isNaN(sum) ? 0 : sum / all);
        });
    }

    private static Given pooled(Draw d, boolean half) {
        int size = d.in(1, 4), padding = d.in(0, half ? size / 2 : 2), least = Math.max(1, size - 2 * padding);
        return Given.of(d.array(d.in(0, 2), d.in(0, 2) * d.channels(), least + d.pixels(), least + d.pixels()), size,
                d.in(1, 3),
                padding);
    }

    private static Plain pooled(Given g, java.util.function.DoubleBinaryOperator join,
            java.util.function.DoubleUnaryOperator end) {
        Plain x = g.x();
        int size = g.integer(1), stride = g.integer(2), padding = g.integer(3);
        demand(x.rank() == 4 && size >= 1 && stride >= 1 && padding >= 0, "windows");
        Slide s = new Slide(stride, padding, 1, 1);
        long[] dims = {x.dim(0), x.dim(1), windows(x.dim(2), size, s, 0), windows(x.dim(3), size, s, 1)};
        demand((long) size * size <= Integer.MAX_VALUE, "a window");
        Plain.bearable((long) size * size);
        return Plain.of(dims, i -> {
            double joined = Double.NaN;
            for (int p = 0; p < size; p++)
                for (int q = 0; q < size; q++) {
                    long r = (long) i[2] * stride + p - padding, t = (long) i[3] * stride + q - padding;
                    if (r >= 0 && t >= 0 && r < x.dim(2) && t < x.dim(3))
                        joined = join.applyAsDouble(joined, x.at(i[0], i[1], (int) r, (int) t));
                }
            return end.applyAsDouble(joined);
        });
    }
}
