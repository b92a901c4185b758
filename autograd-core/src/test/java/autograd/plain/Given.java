package autograd.plain;

import static autograd.plain.Plain.axis;
import static autograd.plain.Plain.demand;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The arguments of a method, the receiver first: arrays, numbers, and the plain types below. A definition
 * reads them; {@link Call} passes them to the library.
 */
record Given(List<Object> all) {
    /** Integers in a shape: labels or positions. */
    record Ints(int[] dims, int[] values) {
        int at(int... index) { return values[Plain.position(dims, index)]; }

        @Override
        public String toString() { return "ints " + Arrays.toString(dims) + " " + Arrays.toString(values); }
    }

    /** Truth values in a shape. */
    record Bools(int[] dims, boolean[] values) {
        boolean at(int... index) { return values[Plain.position(dims, index)]; }

        @Override
        public String toString() { return "mask " + Arrays.toString(dims) + " " + Arrays.toString(values); }
    }

    /** The extents of a shape. */
    record Dims(int... dims) {
        @Override
        public String toString() { return "shape " + Arrays.toString(dims); }
    }

    /** How windows slide: strides, paddings and dilations of rows and columns, and groups. */
    record Slide(int[] stride, int[] padding, int[] dilation, int groups, boolean same) {
        Slide(int stride, int padding, int dilation, int groups) {
            this(new int[]{stride, stride}, new int[]{padding, padding}, new int[]{dilation, dilation}, groups, false);
        }

        private int[] flat() {
            return new int[]{stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups};
        }

        private Slide with(int... f) {
            return new Slide(new int[]{f[0], f[1]}, new int[]{f[2], f[3]}, new int[]{f[4], f[5]}, f[6], same);
        }

        @Override
        public String toString() { return "slide " + Arrays.toString(flat()) + (same ? " same" : ""); }
    }

    /** Stands for the dtype under test. */
    enum Type {
        DTYPE
    }

    static Given of(Object... all) { return new Given(List.of(all)); }

    Plain x() { return plain(0); }

    Plain plain(int i) { return (Plain) all.get(i); }

    Plain[] plains(int i) { return (Plain[]) all.get(i); }

    Ints indices(int i) { return (Ints) all.get(i); }

    Bools mask(int i) { return (Bools) all.get(i); }

    int integer(int i) { return (int) all.get(i); }

    int[] integers(int i) { return (int[]) all.get(i); }

    int[] dims(int i) { return ((Dims) all.get(i)).dims; }

    double number(int i) { return (double) all.get(i); }

    boolean flag(int i) { return (boolean) all.get(i); }

    Slide slide(int i) {
        Slide s = (Slide) all.get(i);
        demand(Math.min(s.stride[0], s.stride[1]) > 0 && Math.min(s.padding[0], s.padding[1]) >= 0
                && Math.min(s.dilation[0], s.dilation[1]) > 0 && s.groups > 0, "sizes that slide");
        demand(!s.same || s.stride[0] == 1 && s.stride[1] == 1, "same padding with stride 1");
        return s;
    }

    /** The axis of the receiver that argument i names. */
    int axisOf(int i) { return axis(integer(i), x().rank()); }

    // ---- other arguments in place of these

    /** How many integers there are, in arguments of all kinds. */
    int integers() {
        return all.stream().mapToInt(Given::integersOf).sum();
    }

    private static int integersOf(Object argument) {
        return switch (argument) {
            case Integer _ -> 1;
            case int[] a -> a.length;
            case Dims d -> d.dims.length;
            case Slide _ -> 7;
            case Ints i -> i.values.length;
            default -> 0;
        };
    }

    /** One of them. */
    int get(int position) {
        int rest = position;
        for (Object argument : all) {
            int n = integersOf(argument);
            if (rest < n)
                return flat(argument)[rest];
            rest -= n;
        }
        throw new IndexOutOfBoundsException(position);
    }

    private static int[] flat(Object argument) {
        return switch (argument) {
            case Integer i -> new int[]{i};
            case int[] a -> a;
            case Dims d -> d.dims;
            case Slide s -> s.flat();
            case Ints i -> i.values;
            default -> new int[0];
        };
    }

    /** The same with one of them replaced. */
    Given with(int position, int value) {
        Object[] out = all.toArray();
        int rest = position;
        for (int k = 0; k < out.length; k++) {
            int n = integersOf(out[k]);
            if (0 <= rest && rest < n) {
                int[] flat = Plain.with(flat(out[k]), rest, value);
                out[k] = switch (out[k]) {
                    case Integer _ -> value;
                    case int[] _ -> flat;
                    case Dims _ -> new Dims(flat);
                    case Slide s -> s.with(flat);
                    case Ints i -> new Ints(i.dims, flat);
                    default -> throw new AssertionError();
                };
            }
            rest -= n;
        }
        return of(out);
    }

    /** The arrays in all arguments, in order. */
    List<Plain> arrays() {
        return all.stream().flatMap(a -> a instanceof Plain[] many ? Stream.of(many) : Stream.of(a))
                .filter(Plain.class::isInstance).map(Plain.class::cast).toList();
    }

    /** The same with other arrays. */
    Given withArrays(List<Plain> arrays) {
        int[] next = {0};
        return new Given(all.stream().<Object>map(a -> switch (a) {
            case Plain _ -> arrays.get(next[0]++);
            case Plain[] many -> IntStream.range(0, many.length).mapToObj(_ -> arrays.get(next[0]++))
                    .toArray(Plain[]::new);
            default -> a;
        }).toList());
    }

    @Override
    public String toString() {
        return all.stream().map(a -> switch (a) {
            case int[] i -> Arrays.toString(i);
            case Object[] many -> Arrays.toString(many);
            default -> String.valueOf(a);
        }).collect(Collectors.joining(", ", "(", ")"));
    }
}
