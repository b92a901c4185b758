package autograd;

import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Convolution;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Kernels;

import java.util.Arrays;
import java.util.List;

/**
 * Operations on sliding windows: convolution and pooling. Images are [batch, channels, height, width],
 * kernels [out, in / groups, height, width]. Convolution is linear in images and in kernels; what it is
 * between takes turns in its rules, so one operation is enough.
 */
public sealed interface Windows extends Operand permits Tensor {
    /**
     * Sliding windows along an axis, without copying: the axis becomes the number of windows, a new last axis
     * runs through each.
     */
    default Tensor unfold(int axis, int size, int step, int dilation) {
        int at = shape().axis("unfold", axis);
        long span = (size - 1L) * dilation + 1;
        if (size < 1 || step < 1 || dilation < 1 || span > shape().dim(at))
            throw new IllegalArgumentException("unfold: windows of size " + size + ", step " + step + " and dilation "
                    + dilation + " (all at least 1) do not fit axis " + axis + " of shape " + shape());
        int count = (int) ((shape().dim(at) - span) / step + 1);
        shape().with(at, count).append("unfold", size);
        return apply(new Unfold(at, count, size, step, dilation));
    }

    /** The first windows, so many of them. */
    record Unfold(int axis, int count, int size, int step, int dilation) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            return in[0].view(in[0].layout().windows(axis, size, step, dilation, count));
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return g.apply(new Fold(axis, step, dilation, x.shape().dim(axis)));
        }
    }

    /** The transpose of {@link #unfold}: windows in the last axis added into an axis of the given extent. */
    default Tensor fold(int axis, int step, int dilation, int extent) {
        int at = shape().axis("fold", axis), last = shape().rank() - 1;
        if (at == last || step < 1 || dilation < 1 || extent < 0
                || (shape().dim(at) - 1L) * step + (shape().dim(last) - 1L) * dilation >= extent)
            throw new IllegalArgumentException("fold: windows of shape " + shape() + " at step " + step
                    + " and dilation " + dilation + " do not fit extent " + extent + " in place of axis " + axis);
        shape().reduce(new int[]{last}, false).with("fold", at, extent);
        return apply(new Fold(at, step, dilation, extent));
    }

    record Fold(int axis, int step, int dilation, int extent) implements Op.Unary {
        public NdArray forward(NdArray... in) {
            int rank = in[0].shape().rank() - 1, size = in[0].shape().dim(-1), count = in[0].shape().dim(axis);
            int[] dims = Arrays.copyOf(in[0].shape().dims(), rank);
            dims[axis] = extent;
            NdArray y = NdArray.zeros(in[0].dtype(), Shape.of(dims));
            for (int p = 0; p < size; p++) { // the p-th elements of the windows do not overlap
                Layout into = part(y.layout(), axis, p * dilation, count, step);
                Layout from = part(in[0].layout(), rank, p, 1, 1).reshape(into.shape()).orElseThrow();
                Kernels.get().accumulate(y.view(into), in[0].view(from));
            }
            return y;
        }

        private static Layout part(Layout layout, int axis, int begin, int count, int step) {
            int rank = layout.shape().rank();
            int[] from = new int[rank], counts = layout.shape().dims(), steps = new int[rank];
            Arrays.fill(steps, 1);
            from[axis] = begin;
            counts[axis] = count;
            steps[axis] = step;
            return layout.slice(from, counts, steps);
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return g.apply(new Unfold(axis, x.shape().dim(axis), x.shape().dim(-1), step, dilation));
        }
    }

    /**
     * How windows slide along one axis.
     *
     * @param stride
     *            how far apart they begin
     * @param padding
     *            how many zeros stand before and after the image
     * @param dilation
     *            how far apart a window's elements are
     */
    record Step(int stride, int padding, int dilation) {
        /** Checks the ranges. */
        public Step {
            if (stride < 1 || padding < 0 || dilation < 1)
                throw new IllegalArgumentException("sliding: stride " + stride + " and dilation " + dilation
                        + " must be at least 1, padding " + padding + " at least 0");
        }

        private Convolution.Axis axis() { return new Convolution.Axis(stride, padding, dilation); }
    }

    /**
     * How windows slide over images.
     *
     * @param height
     *            how they slide down
     * @param width
     *            how they slide to the right
     * @param groups
     *            into how many parts channels are divided, each seen by its own kernels
     * @param same
     *            whether the padding keeps the extents of images, instead of that of height and width
     */
    record Sliding(Step height, Step width, int groups, boolean same) {
        /** One step at a time, without padding. */
        public static final Sliding DEFAULT = new Sliding(1, 0, 1, 1);

        /** Checks the ranges. */
        public Sliding {
            if (groups < 1)
                throw new IllegalArgumentException("sliding: groups " + groups + " must be at least 1");
            if (same && (height.stride > 1 || width.stride > 1))
                throw new IllegalArgumentException("sliding: samePadding() needs stride 1, the stride is "
                        + both(height.stride, width.stride) + "; choose a padding instead");
        }

        /** Along both axes in the same way. */
        public Sliding(int stride, int padding, int dilation, int groups) {
            this(new Step(stride, padding, dilation), new Step(stride, padding, dilation), groups, false);
        }

        /** Another stride. */
        public Sliding stride(int stride) { return stride(stride, stride); }

        /** Another stride: how many rows and how many columns windows begin apart. */
        public Sliding stride(int h, int w) {
            return new Sliding(new Step(h, height.padding, height.dilation), new Step(w, width.padding, width.dilation),
                    groups, same);
        }

        /** Another padding. */
        public Sliding padding(int padding) { return padding(padding, padding); }

        /** Another padding: how many rows stand above and below, how many columns to the left and right. */
        public Sliding padding(int h, int w) {
            return new Sliding(new Step(height.stride, h, height.dilation), new Step(width.stride, w, width.dilation),
                    groups, false);
        }

        /**
         * With a padding that keeps the extents of images; where it is odd, one more zero stands at the bottom and at
         * the right, as in PyTorch. The stride must be 1.
         */
        public Sliding samePadding() { return new Sliding(height, width, groups, true); }

        /** Another dilation. */
        public Sliding dilation(int dilation) { return dilation(dilation, dilation); }

        /** Another dilation: how many rows and how many columns a window's elements are apart. */
        public Sliding dilation(int h, int w) {
            return new Sliding(new Step(height.stride, height.padding, h), new Step(width.stride, width.padding, w),
                    groups,
                    same);
        }

        /** Another number of groups. */
        public Sliding groups(int groups) {
            return new Sliding(height, width, groups, same);
        }

        /** What is not the default: for example {@code stride 2, padding [1, 0]}; the stride, if nothing else is. */
        @Override
        public String toString() {
            String stride = both(height.stride, width.stride), padding = both(height.padding, width.padding),
                    dilation = both(height.dilation, width.dilation);
            return "stride " + stride + (same ? ", same padding" : padding.equals("0") ? "" : ", padding " + padding)
                    + (dilation.equals("1") ? "" : ", dilation " + dilation)
                    + (groups == 1 ? "" : ", groups " + groups);
        }

        private Step along(int axis) { return axis == 0 ? height : width; }

        private String paddings() { return same ? "that keeps extents" : both(height.padding, width.padding); }

        private static String both(int h, int w) { return h == w ? String.valueOf(h) : "[" + h + ", " + w + "]"; }

        /** The padding of windows of a size, as numbers. */
        private Sliding of(String op, int h, int w) {
            return same ? new Sliding(keeping(op, height, h), keeping(op, width, w), groups, true) : this;
        }

        private static Step keeping(String op, Step step, int size) {
            long span = (size - 1L) * step.dilation;
            if (span > Integer.MAX_VALUE)
                throw new IllegalArgumentException(
                        op + ": windows of size " + size + " with dilation " + step.dilation + " are too large");
            return new Step(1, (int) Math.max(0, span / 2), step.dilation);
        }

        /** How many windows of a size there are along an axis. */
        private long count(int axis, int extent, int size) {
            Step s = along(axis);
            return same ? extent : Convolution.windows(extent, size, s.stride, s.padding, s.dilation);
        }

        /** Whether windows of h by w elements fit into images of a height and a width with their padding. */
        public boolean fit(int height, int width, int h, int w) {
            return fits(0, height, h) && fits(1, width, w);
        }

        /** What the outputPadding of a transposed convolution must be less than. */
        public int mostOutputPadding() {
            return Math.min(Math.max(height.stride, height.dilation), Math.max(width.stride, width.dilation));
        }

        private boolean fits(int axis, int extent, int size) {
            Step s = along(axis);
            long span = (size - 1L) * s.dilation;
            return size > 0 && span < extent + (same ? span : 2L * s.padding);
        }

        private Convolution between(Shape image, Shape kernel, Shape output) {
            return new Convolution(image, kernel, output, height.axis(), width.axis(), groups);
        }

        /** The same along the last axis of sequences, which have no other. */
        private Sliding ofSequences(String op) {
            if (!height.equals(width))
                throw new IllegalArgumentException(op + ": sequences have one axis, but the windows slide by " + height
                        + " and " + width + "; say stride, padding and dilation with one number");
            return new Sliding(new Step(1, 0, 1), width, groups, same);
        }
    }

    /** Cross-correlation of images with kernels, one step at a time, without padding. */
    default Tensor conv2d(Tensor kernel) {
        return conv2d(kernel, Sliding.DEFAULT);
    }

    /**
     * Cross-correlation of images with kernels: y[n, o, i, j] = sum over c, p, q of x[n, c, i + p, j + q] w[o, c,
     * p, q].
     */
    default Tensor conv2d(Tensor kernel, Sliding how) {
        Shape x = shape(), w = kernel.shape();
        if (x.rank() != 4 || w.rank() != 4 || (long) w.dim(1) * how.groups != x.dim(1) || w.dim(0) % how.groups != 0)
            throw new IllegalArgumentException("conv2d: images " + x + " and kernels " + w + " in " + how.groups
                    + " groups do not match: they are [n, in, h, w] and [out, in / groups, h, w]");
        Tensor.sameDType("conv2d", self(), kernel);
        return apply(new Conv2d(between("conv2d", x, w, how), -1), kernel);
    }

    private static Convolution between(String op, Shape x, Shape w, Sliding how) {
        Sliding slide = how.of(op, w.dim(2), w.dim(3));
        checkFit(op, x, slide, w.dim(2), w.dim(3));
        return slide.between(x, w, Shape.of(op, x.dim(0), w.dim(0), slide.count(0, x.dim(2), w.dim(2)),
                slide.count(1, x.dim(3), w.dim(3))));
    }

    /**
     * The output y of a convolution, from images x and kernels w. The sum of x w y over all windows is linear in
     * each of the three, so the rules of its gradients are one another. Zeros of one operand may absorb the
     * other, as those of a cotangent do in {@link Elementwise#zmul}.
     */
    record Conv2d(Convolution of, int zeroAbsorbing) implements Op.Binary {
        public NdArray forward(NdArray... in) {
            return Kernels.get().convolve(of, Part.OUTPUT, zeroAbsorbing, in[0], in[1]);
        }

        public Tensor vjpA(Tensor g, Tensor x, Tensor w, Tensor y) { return w.apply(new ConvTranspose2d(of, 1), g); }

        public Tensor vjpB(Tensor g, Tensor x, Tensor w, Tensor y) { return x.apply(new Conv2dKernel(of, 1), g); }
    }

    /** The images, from kernels and output. */
    record ConvTranspose2d(Convolution of, int zeroAbsorbing) implements Op.Binary {
        public NdArray forward(NdArray... in) {
            return Kernels.get().convolve(of, Part.IMAGE, zeroAbsorbing, in[0], in[1]);
        }

        public Tensor vjpA(Tensor g, Tensor w, Tensor y, Tensor x) { return g.apply(new Conv2dKernel(of, 0), y); }

        public Tensor vjpB(Tensor g, Tensor w, Tensor y, Tensor x) { return g.apply(new Conv2d(of, 0), w); }
    }

    /** The kernels, from images and output. */
    record Conv2dKernel(Convolution of, int zeroAbsorbing) implements Op.Binary {
        public NdArray forward(NdArray... in) {
            return Kernels.get().convolve(of, Part.KERNEL, zeroAbsorbing, in[0], in[1]);
        }

        public Tensor vjpA(Tensor g, Tensor x, Tensor y, Tensor w) { return g.apply(new ConvTranspose2d(of, 0), y); }

        public Tensor vjpB(Tensor g, Tensor x, Tensor y, Tensor w) { return x.apply(new Conv2d(of, 1), g); }
    }

    /** Checks that windows fit into the last two axes, with their padding. */
    private static void checkFit(String op, Shape x, Sliding how, int h, int w) {
        if (!how.fit(x.dim(2), x.dim(3), h, w))
            throw new IllegalArgumentException(op + ": windows [" + h + ", " + w + "] with dilation "
                    + Sliding.both(how.height.dilation, how.width.dilation) + " do not fit into shape " + x
                    + " with padding " + how.paddings());
    }

    /** Cross-correlation of sequences [n, in, length] with kernels [out, in / groups, size]. */
    default Tensor conv1d(Tensor kernel, Sliding how) {
        Shape x = shape(), w = kernel.shape();
        if (x.rank() != 3 || w.rank() != 3 || (long) w.dim(1) * how.groups != x.dim(1) || w.dim(0) % how.groups != 0)
            throw new IllegalArgumentException("conv1d: sequences " + x + " and kernels " + w + " in " + how.groups
                    + " groups do not match: they are [n, in, length] and [out, in / groups, size]");
        Tensor.sameDType("conv1d", self(), kernel);
        Sliding slide = how.ofSequences("conv1d");
        if (!slide.of("conv1d", 1, w.dim(2)).fits(1, x.dim(2), w.dim(2)))
            throw new IllegalArgumentException(
                    "conv1d: windows [" + w.dim(2) + "] with dilation " + slide.width.dilation
                            + " do not fit into shape " + x + " with padding " + how.paddings());
        Shape.of("conv1d", x.dim(0), w.dim(0), slide.of("conv1d", 1, w.dim(2)).count(1, x.dim(2), w.dim(2)));
        return self().unsqueeze(2).conv2d(kernel.unsqueeze(2), slide).squeeze(2);
    }

    /**
     * The transpose of {@link #conv2d} with kernels [in, out / groups, height, width]: each element of the image
     * adds a kernel to the output. By the padding, rows and columns are left out at all four sides of the output;
     * by the outputPadding, which is less than stride or dilation, fewer are left out at the bottom and at the
     * right. Rows and columns that no kernel reaches are zeros.
     */
    default Tensor convTranspose2d(Tensor kernel, Sliding how, int outputPadding) {
        Shape x = shape(), w = kernel.shape();
        if (x.rank() != 4 || w.rank() != 4 || w.dim(0) != x.dim(1) || x.dim(1) % how.groups != 0)
            throw new IllegalArgumentException(
                    "convTranspose2d: images " + x + " and kernels " + w + " in " + how.groups
                            + " groups do not match: they are [n, in, h, w] and [in, out / groups, h, w]");
        Tensor.sameDType("convTranspose2d", self(), kernel);
        if (how.same)
            throw new IllegalArgumentException(
                    "convTranspose2d: samePadding() is for convolutions; choose a padding instead");
        if (outputPadding < 0 || outputPadding >= how.mostOutputPadding())
            throw new IllegalArgumentException("convTranspose2d: outputPadding " + outputPadding
                    + " must be at least 0 and less than stride " + Sliding.both(how.height.stride, how.width.stride)
                    + " or dilation " + Sliding.both(how.height.dilation, how.width.dilation));
        long[] whole = {x.dim(0), (long) w.dim(1) * how.groups, 0, 0};
        for (int i = 0; i < 2; i++) {
            Step s = how.along(i);
            long extent = (x.dim(2 + i) - 1L) * s.stride + (w.dim(2 + i) - 1L) * s.dilation + 1 + outputPadding;
            if (extent < 2L * s.padding)
                throw new IllegalArgumentException("convTranspose2d: padding " + how.paddings() + " is more than the"
                        + " output of images " + x + " and kernels " + w + " has: " + extent + " along axis "
                        + (2 + i));
            whole[2 + i] = extent - 2L * s.padding;
        }
        Shape y = Shape.of("convTranspose2d", whole);
        return kernel.apply(new ConvTranspose2d(how.between(y, w, x), -1), self());
    }

    /** The largest element of each window; of equal ones the first gets the cotangent. */
    default Tensor maxPool2d(int size, int stride, int padding) {
        Sliding how = pooling("maxPool2d", size, stride, padding, size / 2);
        Shape x = shape();
        if (x.dim(2) == 0 || x.dim(3) == 0)
            throw new IllegalArgumentException("maxPool2d: images of shape " + x
                    + " have no element that could be the largest: height and width must be at least 1");
        Shape y = pooled("maxPool2d", size, how),
                planes = Shape.of("maxPool2d", x.dim(0), x.dim(1), (long) x.dim(2) * x.dim(3));
        Elements<int[]> largest = Kernels.get().argMaxPool(self().array(), size, stride, padding);
        IntTensor index = IntTensor.of(largest, y).reshape(y.dim(0), y.dim(1), y.dim(2) * y.dim(3));
        var positions = new Indexing.Positions("argMaxPool", List.of(size, stride, padding, x.dim(2), x.dim(3)));
        return self().reshape(planes).apply(new Indexing.Gather(2, index, positions)).reshape(y);
    }

    /** The mean of each window, zeros of the padding included. A window has at most 2^24 elements. */
    default Tensor avgPool2d(int size, int stride, int padding) {
        Sliding how = pooling("avgPool2d", size, stride, padding, Integer.MAX_VALUE);
        if ((long) size * size > 1 << 24)
            throw new IllegalArgumentException(
                    "avgPool2d: windows of " + size + " x " + size + " are too large for shape "
                            + shape() + "; use mean(2, 3) for the mean of whole images");
        Shape x = shape(), y = pooled("avgPool2d", size, how), window = Shape.of("avgPool2d", 1, 1, size, size),
                planes = Shape.of("avgPool2d", (long) x.dim(0) * x.dim(1), 1, x.dim(2), x.dim(3));
        return self().reshape(planes).conv2d(Tensor.ones(dtype(), window), how).div(window.size()).reshape(y);
    }

    private Shape pooled(String op, int size, Sliding how) {
        Shape x = shape();
        return Shape.of(op, x.dim(0), x.dim(1), how.count(0, x.dim(2), size), how.count(1, x.dim(3), size));
    }

    /** How windows to pool slide. A largest element needs one that is not padding, a mean does not. */
    private Sliding pooling(String op, int size, int stride, int padding, int most) {
        boolean any = most == Integer.MAX_VALUE;
        if (shape().rank() != 4 || size < 1 || stride < 1 || padding < 0 || padding > most)
            throw new IllegalArgumentException(op + ": needs images [n, c, h, w], size and stride of at least 1 and "
                    + "padding of at least 0" + (any ? "" : " and at most half the size") + ", got shape " + shape()
                    + ", size " + size + ", stride " + stride + " and padding " + padding);
        Sliding how = new Sliding(stride, padding, 1, 1);
        checkFit(op, shape(), how, size, size);
        return how;
    }
}
