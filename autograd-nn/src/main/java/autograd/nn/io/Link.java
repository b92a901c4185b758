package autograd.nn.io;

import autograd.Tensor;
import autograd.array.Shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A relation between tensors of a file and variables of a model. A tensor is a variable, perhaps in another
 * layout; or a tensor is the concatenation of several variables; or a variable is the sum of several tensors;
 * or a tensor has no variable and is written as an integer 0.
 *
 * @param files
 *            names in the file
 * @param models
 *            paths in the model
 * @param axis
 *            the axis along which several variables are concatenated
 * @param order
 *            the order in the file of the parts of equal size of the variable's last axis; empty for the same
 *            order
 * @param transposed
 *            whether the file stores the transpose
 */
record Link(List<String> files, List<String> models, int axis, List<Integer> order, boolean transposed) {
    /** The same name and layout. */
    static Link of(String file, String model) {
        return new Link(List.of(file), List.of(model), 0, List.of(), false);
    }

    /** The same link, transposed. */
    static Link transposed(String file, String model) {
        return of(file, model).transpose();
    }

    Link transpose() { return new Link(files, models, axis, order, !transposed); }

    Link named(List<String> names) { return new Link(names, models, axis, order, transposed); }

    Link ordered(List<Integer> order) { return new Link(files, models, axis, order, transposed); }

    /** The shape that each tensor of the file must have; throws if variables cannot be concatenated. */
    Shape inFile(List<Shape> shapes) {
        Shape all = shapes.getFirst();
        long extent = 0;
        for (Shape shape : shapes) {
            if (shape.rank() <= axis && shapes.size() > 1
                    || shapes.size() > 1 && !shape.with(axis, 0).equals(all.with(axis, 0)))
                throw new IllegalArgumentException("mapping: " + models + " of shapes " + shapes
                        + " do not fit side by side along axis " + axis);
            extent += shapes.size() > 1 ? shape.dim(axis) : 0;
        }
        if (shapes.size() > 1)
            all = all.with(axis, Math.toIntExact(extent));
        if (!order.isEmpty() && (all.rank() == 0 || all.dim(-1) % order.size() != 0))
            throw new IllegalArgumentException("mapping: " + models + " of shape " + all + " are not " + order.size()
                    + " parts of equal size along the last axis");
        if (!transposed)
            return all;
        if (all.rank() != 2)
            throw new IllegalArgumentException(
                    "mapping: " + models + " of shape " + all + " are not a matrix, only that "
                            + "can be transposed");
        return Shape.of(all.dim(1), all.dim(0));
    }

    /** Converts variables to the layout of the file. */
    Tensor toFile(List<? extends Tensor> values) {
        Tensor all = values.size() == 1 ? values.getFirst() : Tensor.concat(axis, values.toArray(Tensor[]::new));
        if (!order.isEmpty()) {
            List<Tensor> parts = all.chunk(-1, order.size());
            all = Tensor.concat(-1, order.stream().map(parts::get).toArray(Tensor[]::new));
        }
        return transposed ? all.transpose() : all;
    }

    /** Converts tensors of the file to the layout of the variables with the given shapes. */
    List<Tensor> toModel(Tensor read, List<Shape> shapes) {
        Tensor all = transposed ? read.transpose() : read;
        if (!order.isEmpty()) {
            List<Tensor> parts = all.chunk(-1, order.size());
            Tensor[] back = new Tensor[order.size()];
            Arrays.setAll(back, i -> parts.get(order.indexOf(i)));
            all = Tensor.concat(-1, back);
        }
        if (shapes.size() == 1)
            return List.of(all);
        List<Tensor> values = new ArrayList<>();
        int from = 0;
        for (Shape shape : shapes) {
            values.add(all.slice(axis, from, from + shape.dim(axis)));
            from += shape.dim(axis);
        }
        return values;
    }

    /** Whether an order is a permutation. */
    static boolean isOrder(List<Integer> order) {
        return order.stream().sorted().toList().equals(IntStream.range(0, order.size()).boxed().toList());
    }
}
