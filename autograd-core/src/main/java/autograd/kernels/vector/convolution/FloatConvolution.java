package autograd.kernels.vector.convolution;

import static autograd.kernels.vector.lanes.FloatWidth.LANES;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Storage;
import autograd.kernels.Convolution.Axis;
import autograd.kernels.Convolution.Part;
import autograd.kernels.vector.lanes.FloatScratch;
import autograd.kernels.vector.parallel.Team;

import java.util.Arrays;

/**
 * Convolution and its gradients without im2col: {@link PolyphaseLayout} says how. Operands and results are
 * contiguous, at any offset. The threads share the images; how sums over images are divided depends on their
 * number alone, so the bits do not depend on the number of threads. Compiled twice: DoubleConvolution is this
 * file, renamed.
 */
@SuppressWarnings("cast") // (double) of a double in the twin
final class FloatConvolution implements ConvolutionLoops {
    private static final int WIDTH = FloatConvolutionMicroKernel.WIDTH;
    /** F32 here, F64 in the twin. */
    private static final DType DTYPE = Float.BYTES == 4 ? DType.F32 : DType.F64;
    /** Elements of scratch that stay in the L2 cache. */
    private static final int BLOCK = (1 << 18) / Float.BYTES;
    /** The parts that images are divided into, and how many there are where each needs a large sum of its own. */
    private static final int PARTS = 8, FEW = 4, LARGE = 1 << 16;
    /**
     * The terms of a kernel gradient, of one image, that a lane adds one after another; these sums add up in
     * double.
     */
    private static final int CHAIN = 1024;

    /** Scratch of a thread: images in planes, outputs in planes, and a few planes or sums. */
    private static final FloatScratch IMAGE = new FloatScratch(), OUTPUT = new FloatScratch(),
            MORE = new FloatScratch();

    private final PolyphaseLayout of;
    private final float[] x, w, y;
    private final int xo, wo, yo;

    FloatConvolution(PolyphaseLayout of, NdArray x, NdArray w, NdArray y) {
        this.of = of;
        this.x = x.storage().borrowFloats();
        this.w = w.storage().borrowFloats();
        this.y = y.storage().borrowFloats();
        this.xo = x.layout().offset();
        this.wo = w.layout().offset();
        this.yo = y.layout().offset();
    }

    @Override
    public void compute(Part part) {
        switch (part) {
            case IMAGE -> image();
            case KERNEL -> kernel();
            case OUTPUT -> output();
        }
    }

    private interface Some {
        void run(int begin, int end);
    }

    private static void parts(int parts, int n, Some some) {
        Team.run(parts, p -> some.run((int) ((long) p * n / parts), (int) ((long) (p + 1) * n / parts)));
    }

    // ---- output from image and kernel

    private void output() {
        int rows = PolyphaseLayout.up(of.out, 4), units = of.images * of.groups;
        float[] packed = Storage.empty(DTYPE, of.groups * rows * of.terms).borrowFloats();
        for (int g = 0; g < of.groups; g++)
            pack(of.out, of.terms, of.terms, 1, wo + g * of.out * of.terms, packed, g * rows * of.terms);
        parts(Math.min(PARTS, units), units, (begin, end) -> {
            float[] from = IMAGE.take(of.spread() + WIDTH), to = OUTPUT.take(rows * of.padded);
            Arrays.fill(from, of.spread(), of.spread() + WIDTH, 0);
            for (int unit = begin; unit < end; unit++) {
                spread(unit, from, 0);
                correlate(rows, of.terms, of.taps, packed, unit % of.groups * rows * of.terms, from, to, 0, of.padded);
                for (int o = 0; o < of.out; o++)
                    gather(to, o * of.padded, unit * of.out + o);
            }
            IMAGE.give(from);
            OUTPUT.give(to);
        });
    }

    /** Packs rows of w for the micro-kernel: term by term, with rows of zeros up to a multiple of 4. */
    private void pack(int rows, int down, int terms, int right, int at, float[] to, int begin) {
        for (int i = 0, o = begin, h; i < rows; i += h, o += h * terms) {
            h = tall(rows - i);
            for (int p = 0; p < terms; p++)
                for (int r = 0; r < h; r++)
                    to[o + p * h + r] = i + r < rows ? w[at + (i + r) * down + p * right] : 0;
        }
    }

    /** The height of the next tile. */
    private static int tall(int rows) {
        return rows > 4 && FloatConvolutionMicroKernel.HEIGHT == 8 ? 8 : 4;
    }

    /** Computes all tiles; rows is a multiple of 4. */
    private void correlate(int rows, int terms, int[] taps, float[] packed, int at, float[] from, float[] to, int begin,
            int down) {
        for (int i = 0, h; i < rows; i += h) {
            h = tall(rows - i);
            FloatConvolutionMicroKernel.correlate(h, of.padded, terms, taps, packed, at + i * terms, from, 0, to,
                    begin + i * down, down);
        }
    }

    // ---- image from kernel and output

    private void image() {
        int row = of.row, units = of.images * of.groups;
        int channels = Math.clamp(BLOCK / (of.window * row), 1, of.in), blocks = Math.ceilDiv(of.in, channels);
        int rows = PolyphaseLayout.up(channels * of.window, 4), size = rows * of.out;
        float[] packed = Storage.empty(DTYPE, of.groups * blocks * size).borrowFloats();
        for (int i = 0; i < of.groups * blocks; i++) {
            int g = i / blocks, c = i % blocks * channels;
            pack(Math.min(channels, of.in - c) * of.window, 1, of.out, of.terms,
                    wo + g * of.out * of.terms + c * of.window, packed, i * size);
        }
        parts(Math.min(PARTS, units), units, (begin, end) -> {
            float[] from = OUTPUT.take(of.out * of.padded + LANES),
                    to = MORE.take(of.most + rows * row),
                    plane = IMAGE.take(PolyphaseLayout.up(of.plane, WIDTH));
            Arrays.fill(from, 0, of.out * of.padded + LANES, 0);
            Arrays.fill(to, 0, of.most + rows * row, 0);
            for (int unit = begin; unit < end; unit++) {
                spreadOutput(unit, from, 0);
                for (int b = 0; b < blocks; b++) {
                    int count = Math.min(channels, of.in - b * channels);
                    correlate(PolyphaseLayout.up(count * of.window, 4), of.out, of.lines, packed,
                            (unit % of.groups * blocks + b) * size, from, to, of.most, row);
                    for (int c = 0; c < count; c++)
                        fold(unit * of.in + b * channels + c, of.most + c * of.window * row, to, plane);
                }
            }
            OUTPUT.give(from);
            MORE.give(to);
            IMAGE.give(plane);
        });
    }

    /** One channel of an image: adds up what each element of the kernel contributes, shifted by its tap. */
    private void fold(int channel, int at, float[] rows, float[] plane) {
        for (int phase = 0; phase < of.folds.length; phase++) {
            FloatConvolutionMicroKernel.fold(PolyphaseLayout.up(of.plane, WIDTH), of.folds[phase], rows, at, plane);
            move(false, channel, phase, plane, 0);
        }
    }

    // ---- kernel from image and output

    private void kernel() {
        int rows = PolyphaseLayout.up(of.out, 4), terms = of.taps.length, size = of.groups * rows * terms;
        int parts = Math.min(of.images, size > LARGE ? FEW : PARTS);
        double[] sums = Storage.zeros(DType.F64, parts * size).borrowDoubles();
        Team.run(parts, part -> {
            int begin = (int) ((long) part * of.images / parts), end = (int) ((long) (part + 1) * of.images / parts);
            int batch = Math.clamp(BLOCK / (of.spread() + rows * of.padded), 1, end - begin);
            for (int n = begin; n < end; n += batch)
                for (int g = 0; g < of.groups; g++)
                    kernel(n, Math.min(batch, end - n), g, rows, sums, part * size + g * rows * terms);
        });
        for (int o = 0; o < of.groups * of.out; o++)
            for (int k = 0, at = (o / of.out * rows + o % of.out) * terms; k < of.terms; k++) {
                double sum = 0;
                for (int part = 0; part < parts; part++)
                    sum += sums[part * size + at + k];
                w[wo + o * of.terms + k] = (float) sum;
            }
    }

    /** Adds the inner products of some images. */
    private void kernel(int first, int count, int g, int rows, double[] sums, int at) {
        int terms = of.taps.length, xs = of.spread(), ys = rows * of.padded;
        float[] from = IMAGE.take(count * xs + WIDTH), ofY = OUTPUT.take(count * ys + LANES),
                lanes = new float[16 * LANES];
        Arrays.fill(from, count * xs, count * xs + WIDTH, 0);
        Arrays.fill(ofY, 0, count * ys + LANES, 0);
        for (int i = 0; i < count; i++) {
            spread((first + i) * of.groups + g, from, i * xs);
            spreadOutput((first + i) * of.groups + g, ofY, i * ys);
        }
        for (int o = 0; o < rows; o += 4)
            for (int k = 0; k < terms; k += 4)
                for (int j = 0; j < of.padded; j += CHAIN * LANES) {
                    FloatConvolutionMicroKernel.dots(count, xs, ys, Math.min(CHAIN * LANES, of.padded - j), of.padded,
                            from, j, of.taps, k, ofY, o * of.padded + j, lanes);
                    for (int i = 0; i < 16; i++)
                        sums[at + (o + i / 4) * terms + k + i % 4] += sum(lanes, i * LANES);
                }
        IMAGE.give(from);
        OUTPUT.give(ofY);
    }

    private static float sum(float[] x, int at) {
        float s = 0, t = 0;
        for (int i = at; i < at + LANES; i += 2) {
            s += x[i];
            t += x[i + 1];
        }
        return s + t;
    }

    // ---- between arrays and scratch

    /** Copies all channels of one group of an image into planes. */
    private void spread(int unit, float[] to, int at) {
        int phases = of.phases();
        if (of.isInPlace())
            System.arraycopy(x, xo + unit * of.in * of.plane, to, at, of.in * of.plane);
        else {
            Arrays.fill(to, at, at + of.spread(), 0);
            for (int c = 0; c < of.in; c++)
                for (int phase = 0; phase < phases; phase++)
                    move(true, unit * of.in + c, phase, to, at + (c * phases + phase) * of.plane);
        }
    }

    /** Copies one phase of a channel to a plane, or from it. */
    private void move(boolean there, int channel, int phase, float[] plane, int at) {
        Axis down = of.vertical, right = of.horizontal;
        int s = right.stride(), a = of.rowPhases[phase / of.columnPhases.length],
                b = of.columnPhases[phase % of.columnPhases.length], begin = PolyphaseLayout.first(right, b),
                n = PolyphaseLayout.end(right, b, of.across, of.width) - begin,
                end = PolyphaseLayout.end(down, a, of.down, of.height);
        for (int i = PolyphaseLayout.first(down, a); i < end && n > 0; i++) {
            int row = channel * of.height + i * down.stride() + a - down.padding();
            int p = at + i * of.across + begin, q = xo + row * of.width + begin * s + b - right.padding();
            if (s == 1 && there)
                System.arraycopy(x, q, plane, p, n);
            else if (s == 1)
                System.arraycopy(plane, p, x, q, n);
            else if (there)
                for (int j = 0; j < n; j++)
                    plane[p + j] = x[q + j * s];
            else
                for (int j = 0; j < n; j++)
                    x[q + j * s] = plane[p + j];
        }
    }

    /** Copies all channels of one group of an output into planes of zeros, which stay between the rows. */
    private void spreadOutput(int unit, float[] to, int at) {
        for (int o = 0; o < of.out; o++)
            for (int i = 0; i < of.rows; i++)
                System.arraycopy(y, yo + ((unit * of.out + o) * of.rows + i) * of.columns, to,
                        at + o * of.padded + i * of.across, of.columns);
    }

    /** Copies one channel of an output out of a plane, without the gaps between the rows. */
    private void gather(float[] from, int at, int channel) {
        for (int i = 0; i < of.rows; i++)
            System.arraycopy(from, at + i * of.across, y, yo + (channel * of.rows + i) * of.columns, of.columns);
    }
}
