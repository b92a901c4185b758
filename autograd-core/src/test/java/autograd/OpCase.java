package autograd;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An operation with valid inputs, and the quantities that the properties of operations need. */
record OpCase(Op op, List<Tensor> inputs) {
    static OpCase of(Op op, Tensor... inputs) { return new OpCase(op, List.of(inputs)); }

    OpCase with(Tensor... in) { return of(op, in); }

    Tensor[] in() { return inputs.toArray(Tensor[]::new); }

    /** Applies the operation as its method does, so that fast forms are used where they exist. */
    Function<Tensor[], Tensor> function() {
        return in -> switch (in.length) {
            case 1 -> in[0].apply(op);
            case 2 -> in[0].apply(op, in[1]);
            default -> in[0].apply(op, Arrays.copyOfRange(in, 1, in.length));
        };
    }

    Tensor value() { return function().apply(in()); }

    /** The cotangents of the inputs. */
    Tensor[] vjps(Tensor g) { return vjps(function(), g, in()); }

    /** The cotangents of a function's inputs: zeros where it does not depend on one. */
    static Tensor[] vjps(Function<Tensor[], Tensor> f, Tensor g, Tensor... in) {
        try (var tape = new GradientTape()) {
            Tensor[] at = Stream.of(in).map(tape::watch).toArray(Tensor[]::new);
            Gradients gradients = tape.gradient(f.apply(at), g, List.of(at));
            return Stream.of(at).map(x -> gradients.of(x, Unconnected.ZERO)).toArray(Tensor[]::new);
        }
    }

    /** The Jacobian matrices: one for each input, with a row for each output element. */
    double[][][] jacobian() {
        int n = value().size();
        return IntStream.range(0, n).mapToObj(k -> {
            double[] unit = new double[n];
            unit[k] = 1;
            return Stream.of(vjps(Tensor.of(DType.F64, unit, value().shape().dims()))).map(Tensor::toDoubleArray)
                    .toArray(double[][]::new);
        }).toArray(double[][][]::new);
    }

    /** Random numbers of both signs, with zeros. */
    static Tensor cotangent(Shape shape, Rng rng) {
        return Tensor.of(NdArray.of(IntStream.range(0, shape.size())
                .mapToDouble(_ -> rng.nextInt(6) == 0 ? 0 : rng.nextDouble(-2, 2)).toArray(), shape));
    }

    static double dot(Tensor a, Tensor b) {
        double[] p = a.toDoubleArray(), q = b.toDoubleArray();
        return IntStream.range(0, p.length).mapToDouble(i -> p[i] * q[i]).sum();
    }

    /** For reports of failures: the parameters, and whether inputs are views. */
    @Override
    public String toString() {
        return op.getClass().getSimpleName() + Stream.of(op.getClass().getRecordComponents()).map(this::parameter)
                .collect(Collectors.joining(", ", "(", ")"))
                + inputs.stream()
                        .map(x -> "\n" + x + (x.array().isContiguous() ? "" : " view")).collect(Collectors.joining());
    }

    private String parameter(RecordComponent c) {
        try {
            Object value = c.getAccessor().invoke(op);
            return c.getName() + "=" + (value instanceof int[] a ? Arrays.toString(a) : value);
        } catch (ReflectiveOperationException e) {
            return c.getName();
        }
    }
}
