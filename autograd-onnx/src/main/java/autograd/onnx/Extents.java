package autograd.onnx;

import autograd.array.Shape;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a tensor in each run of a model.
 *
 * @param shapes
 *            of one rank
 */
record Extents(List<Shape> shapes) {
    int rank() { return shapes.getFirst().rank(); }

    /** An extent in each run. */
    long[] dim(int axis) { return shapes.stream().mapToLong(s -> s.dim(axis)).toArray(); }

    /** The extent of the first run. */
    int first(int axis) { return shapes.getFirst().dim(axis); }

    boolean isFixed(int axis) { return isSame(dim(axis)); }

    boolean isFixed() { return shapes.stream().allMatch(shapes.getFirst()::equals); }

    List<long[]> dims() { return IntStream.range(0, rank()).mapToObj(this::dim).toList(); }

    static boolean isSame(long... values) {
        for (long v : values)
            if (v != values[0])
                return false;
        return true;
    }
}
