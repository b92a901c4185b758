package autograd.onnx;

import autograd.Elementwise;
import autograd.Mask;
import autograd.array.DType;

import java.util.List;

/** Masks that are in the file. */
final class Masks {
    private static final int BOOL = 9;

    private Masks() {}

    /**
     * Whether a selection is between a tensor and itself without its gradient, so that the mask does not matter.
     */
    static boolean choosesTheSame(Call call) {
        for (int run = 0; run < call.nodes().size(); run++)
            if (call.tensors(0).get(run).array() != call.tensors(1).get(run).array()
                    || !call.outputs().get(run).shape().equals(call.tensors(0).get(run).shape()))
                return false;
        return true;
    }

    /** The mask of a selection, which must be the same in every run, but for its repetition over the batch. */
    static String of(Call call) {
        List<Mask> masks = call.each(Elementwise.Where.class, Elementwise.Where::mask);
        Mask first = masks.getFirst();
        if (masks.stream().allMatch(first::equals))
            return call.graph.booleans(first.toArray(), first.shape().dims());
        Extents shape = new Extents(masks.stream().map(Mask::shape).toList());
        String repeated = shape.isFixed()
                ? null
                : call.translator.repeated(masks.stream().map(m -> m.to(DType.F32)).toList(), call.nodes());
        if (repeated != null)
            return call.node("Cast", List.of(repeated), "to", BOOL);
        throw call.cannot("its mask differs between runs: it is made from the data by comparing, which is not "
                + "recorded, and the file would keep the mask of the example; say it by relu(), maximum() or clamp()");
    }
}
