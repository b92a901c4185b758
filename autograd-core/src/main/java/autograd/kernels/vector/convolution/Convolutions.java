package autograd.kernels.vector.convolution;

import autograd.array.DType;
import autograd.array.Elements;
import autograd.array.Layout;
import autograd.array.NdArray;
import autograd.array.Scope;
import autograd.array.Storage;
import autograd.kernels.Convolution.Part;
import autograd.kernels.Convolution;
import autograd.kernels.Kernels;
import autograd.kernels.vector.parallel.Chunks;

import java.util.function.IntConsumer;

/**
 * Convolution and pooling by {@link FloatConvolution}, {@link FloatPooling} and their twins, where these are
 * as good as the definition.
 */
public final class Convolutions {
    /** Vector code that is not compiled yet takes longer than so many products in plain code. */
    private static final int SMALL = 1 << 14;

    /**
     * In larger windows the comparisons between strides are not worth it; in smaller ones of wider images
     * positions are not exact as numbers. Scratch holds an image no larger than the last.
     */
    private static final int MANY = 64, WIDE = 1 << 20, LARGE = 1 << 30;

    private Convolutions() {}

    /**
     * {@link Kernels#convolve}.
     *
     * @param definition
     *            computes what is small, and what is not finite: only there do terms matter that are left out
     *            here, or zeros that were added
     * @param of
     *            the sizes
     * @param part
     *            what to compute
     * @param annihilator
     *            whose zeros make terms 0
     * @param a
     *            the first of the other parts
     * @param b
     *            the second
     * @return the part
     */
    public static NdArray convolve(Kernels definition, Convolution of, Part part, int annihilator, NdArray a,
            NdArray b) {
        long products = (long) of.output().size() * of.kernel().size() / Math.max(1, of.kernel().dim(0));
        if (products >= SMALL && of.image().size() > 0 && suits(of)) {
            NdArray y = convolve(of, part, definition.contiguous(a), definition.contiguous(b));
            if (allFinite(y))
                return y;
        }
        return definition.convolve(of, part, annihilator, a, b);
    }

    /**
     * Whether the scratch of the vector code is not much larger than the parts.
     *
     * @param of
     *            the sizes
     * @return false if the definition is to compute
     */
    public static boolean suits(Convolution of) {
        return PolyphaseLayout.suits(of, FloatConvolutionMicroKernel.WIDTH);
    }

    /**
     * A part of finite others, none of them empty.
     *
     * @param of
     *            the sizes, which {@linkplain #suits suit}
     * @param part
     *            what to compute
     * @param a
     *            the first of the other parts, contiguous
     * @param b
     *            the second
     * @return the part
     */
    public static NdArray convolve(Convolution of, Part part, NdArray a, NdArray b) {
        PolyphaseLayout planes = PolyphaseLayout.of(of, a.dtype() == DType.F32
                ? FloatConvolutionMicroKernel.WIDTH
                : DoubleConvolutionMicroKernel.WIDTH);
        Layout layout = Layout.of(of.shape(part));
        NdArray c = part == Part.IMAGE && !planes.isWhole()
                ? NdArray.zeros(a.dtype(), layout)
                : NdArray.empty(a.dtype(), layout);
        NdArray x = part == Part.IMAGE ? c : a, w = part == Part.KERNEL ? c : part == Part.IMAGE ? a : b,
                y = part == Part.OUTPUT ? c : b;
        Storage s = x.storage(), t = w.storage(), u = y.storage();
        int i = x.layout().offset(), j = w.layout().offset(), k = y.layout().offset();
        try (Scope scratch = Scope.tidying()) {
            if (c.dtype() == DType.F32)
                compute(part, new FloatConvolution(planes, s.floats(), i, t.floats(), j, u.floats(), k));
            else
                compute(part, new DoubleConvolution(planes, s.doubles(), i, t.doubles(), j, u.doubles(), k));
            scratch.releaseFrom(0);
        }
        return c;
    }

    private static void compute(Part part, FloatConvolution all) {
        switch (part) {
            case IMAGE -> all.image();
            case KERNEL -> all.kernel();
            case OUTPUT -> all.output();
        }
    }

    private static void compute(Part part, DoubleConvolution all) {
        switch (part) {
            case IMAGE -> all.image();
            case KERNEL -> all.kernel();
            case OUTPUT -> all.output();
        }
    }

    private static boolean allFinite(NdArray x) {
        return x.dtype() == DType.F32
                ? FloatConvolutionMicroKernel.allFinite(x.storage().floats(), x.size())
                : DoubleConvolutionMicroKernel.allFinite(x.storage().doubles(), x.size());
    }

    /**
     * {@link Kernels#argMaxPool}.
     *
     * @param definition
     *            computes what is small
     * @param x
     *            images
     * @param size
     *            of a window
     * @param stride
     *            between windows
     * @param padding
     *            around images
     * @return positions in planes
     */
    public static Elements<int[]> argMaxPool(Kernels definition, NdArray x, int size, int stride, int padding) {
        int h = x.shape().dim(2), w = x.shape().dim(3);
        if (x.size() < SMALL || size * (long) size > MANY || w > WIDE
                || (h + 2L * padding) * (w + 2L * padding) > LARGE)
            return definition.argMaxPool(x, size, stride, padding);
        return argMaxPool(definition.contiguous(x), size, stride, padding);
    }

    /**
     * {@link Kernels#argMaxPool}.
     *
     * @param from
     *            images, contiguous
     * @param size
     *            of a window
     * @param stride
     *            between windows
     * @param padding
     *            around images
     * @return positions in planes
     */
    public static Elements<int[]> argMaxPool(NdArray from, int size, int stride, int padding) {
        int h = from.shape().dim(2), w = from.shape().dim(3), planes = from.size() / (h * w),
                at = from.layout().offset();
        int each = (int) (Convolution.windows(h, size, stride, padding, 1)
                * Convolution.windows(w, size, stride, padding, 1));
        Elements<int[]> y = Elements.ints(planes * each);
        int[] to = y.data();
        Storage s = from.storage();
        if (from.dtype() == DType.F32) {
            var pooling = new FloatPooling(h, w, size, stride, padding);
            planes(planes, h * w, i -> pooling.argMax(s.floats(), at + i * h * w, to, i * each));
        } else {
            var pooling = new DoublePooling(h, w, size, stride, padding);
            planes(planes, h * w, i -> pooling.argMax(s.doubles(), at + i * h * w, to, i * each));
        }
        return y;
    }

    private static void planes(int planes, int size, IntConsumer plane) {
        Chunks.rows(planes, size, (first, n) -> {
            for (int i = first; i < first + n; i++)
                plane.accept(i);
        });
    }
}
