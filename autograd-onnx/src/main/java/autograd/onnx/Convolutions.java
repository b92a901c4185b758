package autograd.onnx;

import autograd.Windows;
import autograd.kernels.Convolution;

import java.util.List;

/** Convolutions, of which only those of a model's forward pass are written. */
final class Convolutions {
    private Convolutions() {}

    static String convolution(Call call) {
        var op = call.op(Windows.Conv2d.class);
        check(call, op.zeroAbsorbing());
        Convolution of = op.of();
        int top = of.rows().padding(), left = of.columns().padding();
        int bottom = Math.max(0, needed(of, 2) - top), right = Math.max(0, needed(of, 3) - left);
        String all = call.node("Conv", List.of(call.in(0), call.in(1)), attributes(of, top, left, bottom, right));
        if (windows(of, 2, bottom) == of.output().dim(2) && windows(of, 3, right) == of.output().dim(3))
            return all;
        return call.node("Slice", List.of(all, call.graph.longs(0, 0),
                call.graph.longs(of.output().dim(2), of.output().dim(3)), call.graph.longs(2, 3)));
    }

    static String transposed(Call call) {
        var op = call.op(Windows.ConvTranspose2d.class);
        check(call, op.zeroAbsorbing());
        Convolution of = op.of();
        int top = of.rows().padding(), left = of.columns().padding();
        int bottom = needed(of, 2) - top, right = needed(of, 3) - left;
        List<String> in = List.of(call.in(1), call.in(0));
        if (bottom >= 0 && right >= 0)
            return call.node("ConvTranspose", in, attributes(of, top, left, bottom, right));
        String whole = call.node("ConvTranspose", in, attributes(of, 0, 0, 0, 0)); // rows that no kernel reaches are 0
        String more = call.node("Pad", List.of(whole, call.graph.longs(0, 0, 0, 0, 0, 0, Math.max(0, -bottom),
                Math.max(0, -right))));
        return call.node("Slice", List.of(more, call.graph.longs(top, left),
                call.graph.longs(top + of.image().dim(2), left + of.image().dim(3)), call.graph.longs(2, 3)));
    }

    private static Convolution.Axis slide(Convolution of, int axis) { return axis == 2 ? of.rows() : of.columns(); }

    /** How many rows or columns windows reach that the images do not have. */
    private static int needed(Convolution of, int axis) {
        return (of.output().dim(axis) - 1) * slide(of, axis).stride()
                + (of.kernel().dim(axis) - 1) * slide(of, axis).dilation() + 1 - of.image().dim(axis);
    }

    /** How many windows ONNX finds, given the padding at the end. */
    private static int windows(Convolution of, int axis, int after) {
        Convolution.Axis slide = slide(of, axis);
        return (of.image().dim(axis) + slide.padding() + after - (of.kernel().dim(axis) - 1) * slide.dilation() - 1)
                / slide.stride() + 1;
    }

    private static void check(Call call, int zeroAbsorbing) {
        if (zeroAbsorbing >= 0)
            throw call.cannot("it is a gradient's, in which 0 times infinity is 0");
    }

    private static Object[] attributes(Convolution of, int... pads) {
        Convolution.Axis rows = of.rows(), columns = of.columns();
        return new Object[]{"kernel_shape", new int[]{of.kernel().dim(2), of.kernel().dim(3)}, "strides",
                new int[]{rows.stride(), columns.stride()}, "dilations",
                new int[]{rows.dilation(), columns.dilation()}, "pads", pads, "group", of.groups()};
    }
}
