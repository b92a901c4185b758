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
import autograd.kernels.vector.movement.ArrayLoops;
import autograd.kernels.vector.parallel.Chunks;

/** Convolution and pooling where vector code is as good as the definition. */
public final class Convolutions {
    /** Vector code that is not compiled yet takes longer than so many products in plain code. */
    private static final int SMALL = 1 << 14;
    /** In larger windows the comparisons between strides are not worth it. */
    private static final int MAX_WINDOW = 64;
    /** Positions in wider images are not exact as floats. */
    private static final int MAX_WIDTH = 1 << 20;
    /** The largest padded image that scratch holds. */
    private static final int MAX_IMAGE = 1 << 30;

    private Convolutions() {}

    /**
     * {@link Kernels#convolve}, by vectors if the result is finite: only then may terms be left out and zeros be
     * added.
     */
    public static NdArray convolve(Kernels definition, Convolution of, Part part, int zeroAbsorbing, NdArray a,
            NdArray b) {
        long products = (long) of.output().size() * of.kernel().size() / Math.max(1, of.kernel().dim(0));
        if (products >= SMALL && of.image().size() > 0 && suits(of)) {
            NdArray y = convolve(of, part, definition.contiguous(a), definition.contiguous(b));
            if (ArrayLoops.of(y.dtype()).allFinite(y.size(), y.storage(), 0))
                return y;
        }
        return definition.convolve(of, part, zeroAbsorbing, a, b);
    }

    /** Whether the scratch of the vector code is not much larger than the parts. */
    public static boolean suits(Convolution of) {
        return PolyphaseLayout.suits(of, FloatConvolutionMicroKernel.WIDTH);
    }

    /** Computes one part from the others, which are contiguous, finite and not empty, if the sizes suit. */
    public static NdArray convolve(Convolution of, Part part, NdArray a, NdArray b) {
        DType dtype = a.dtype();
        PolyphaseLayout planes = PolyphaseLayout.of(of,
                dtype.pick(FloatConvolutionMicroKernel.WIDTH, DoubleConvolutionMicroKernel.WIDTH));
        Layout layout = Layout.of(of.shape(part));
        NdArray c = part == Part.IMAGE && !planes.isWhole()
                ? NdArray.zeros(dtype, layout)
                : NdArray.empty(dtype, layout);
        NdArray x = part == Part.IMAGE ? c : a, w = part == Part.KERNEL ? c : part == Part.IMAGE ? a : b,
                y = part == Part.OUTPUT ? c : b;
        try (Scope scratch = Scope.recycling()) {
            ConvolutionLoops loops = dtype == DType.F32
                    ? new FloatConvolution(planes, x, w, y)
                    : new DoubleConvolution(planes, x, w, y);
            loops.compute(part);
            scratch.releaseFrom(0);
        }
        return c;
    }

    /** {@link Kernels#argMaxPool}. */
    public static Elements<int[]> argMaxPool(Kernels definition, NdArray x, int size, int stride, int padding) {
        int h = x.shape().dim(2), w = x.shape().dim(3);
        if (x.size() < SMALL || size * (long) size > MAX_WINDOW || w > MAX_WIDTH
                || (h + 2L * padding) * (w + 2L * padding) > MAX_IMAGE)
            return definition.argMaxPool(x, size, stride, padding);
        return argMaxPool(definition.contiguous(x), size, stride, padding);
    }

    /** {@link Kernels#argMaxPool} of contiguous images. */
    public static Elements<int[]> argMaxPool(NdArray x, int size, int stride, int padding) {
        int h = x.shape().dim(2), w = x.shape().dim(3), planes = x.size() / (h * w), xo = x.layout().offset();
        int each = (int) (Convolution.windows(h, size, stride, padding, 1)
                * Convolution.windows(w, size, stride, padding, 1));
        Elements<int[]> y = Elements.ints(planes * each);
        int[] to = y.borrow();
        Storage xs = x.storage();
        PoolingLoops loops = x.dtype() == DType.F32
                ? new FloatPooling(h, w, size, stride, padding)
                : new DoublePooling(h, w, size, stride, padding);
        Chunks.rows(planes, h * w, (first, n) -> {
            for (int i = first; i < first + n; i++)
                loops.argMax(xs, xo + i * h * w, to, i * each);
        });
        return y;
    }
}
