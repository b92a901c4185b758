package autograd.plain;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Unconnected;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;
import autograd.kernels.Form;
import autograd.plain.Definitions.Definition;
import autograd.plain.Definitions.Trait;
import autograd.plain.Given.Bools;
import autograd.plain.Given.Dims;
import autograd.plain.Given.Ints;
import autograd.plain.Given.Slide;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Calls a method of the library with plain arguments, and converts its results to plain values. */
record Call(Definition definition, Given given) {
    /** The library's results as plain values, with the dtypes of the tensors among them. */
    record Answer(List<Object> results, List<DType> dtypes) {}

    Call with(Given other) { return new Call(definition, other); }

    /** The results of the definition, as a list. */
    List<?> expected() {
        Object result = definition.plain().apply(given);
        return result instanceof List<?> all ? all : List.of(result);
    }

    /** The method of the library. */
    Method method() {
        Object[] given = lent(DType.F32, Form.CONTIGUOUS, 0, x -> x);
        return method(given);
    }

    private Method method(Object... given) {
        boolean isStatic = definition.has(Trait.STATIC);
        Class<?> owner = isStatic ? Tensor.class : given[0].getClass();
        Object[] rest = isStatic ? given : Arrays.copyOfRange(given, 1, given.length);
        for (boolean variable : new boolean[]{false, true})
            for (Method m : owner.getMethods())
                if (m.getName().equals(definition.method()) && Modifier.isStatic(m.getModifiers()) == isStatic
                        && m.isVarArgs() == variable && takes(m, rest))
                    return m;
        throw new AssertionError("no method " + definition.method() + this.given);
    }

    private static boolean takes(Method m, Object... arguments) {
        Class<?>[] types = m.getParameterTypes();
        return types.length == arguments.length && IntStream.range(0, types.length).allMatch(i -> {
            Class<?> c = arguments[i].getClass();
            return types[i].isInstance(arguments[i]) || types[i] == int.class && c == Integer.class
                    || types[i] == double.class && c == Double.class || types[i] == boolean.class && c == Boolean.class;
        });
    }

    /** Calls the library with arrays of a dtype, stored in a form. */
    Answer ask(DType dtype, Form form, int intForm) {
        return answer(lent(dtype, form, intForm, x -> x));
    }

    private Answer answer(Object... given) {
        List<Object> results = new ArrayList<>();
        List<DType> dtypes = new ArrayList<>();
        for (Object r : results(given)) {
            results.add(plain(r));
            dtypes.add(r instanceof Tensor t ? t.dtype() : null);
        }
        return new Answer(results, dtypes);
    }

    private List<?> results(Object... given) {
        Method m = method(given);
        boolean isStatic = Modifier.isStatic(m.getModifiers());
        try {
            Object result = isStatic
                    ? m.invoke(null, given)
                    : m.invoke(given[0], Arrays.copyOfRange(given, 1, given.length));
            return switch (result) {
                case List<?> all -> all;
                case Tensor.TopK t -> List.of(t.values(), t.indices());
                case Tensor.SlogDet s -> List.of(s.sign(), s.logAbsDet());
                default -> List.of(result);
            };
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause)
                throw cause;
            throw new AssertionError(definition + "" + this.given, e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Object plain(Object result) {
        return switch (result) {
            case Tensor t -> Plain.of(t.shape().dims(), t::get);
            case IntTensor t -> new Ints(t.shape().dims(),
                    Arrays.stream(Plain.of(t.shape().dims(), t::get).values()).mapToInt(v -> (int) v).toArray());
            case Mask m -> new Bools(m.shape().dims(), m.toArray());
            case int[] all -> new Ints(new int[]{all.length}, all);
            case Boolean b -> Plain.of(new int[0], _ -> b ? 1 : 0);
            default -> Plain.of(new int[0], _ -> ((Number) result).doubleValue());
        };
    }

    // ---- derivatives

    /** The gradients of {@code sum of g y} over all results, with respect to each array. */
    List<Tensor> gradients(DType dtype, Form form, List<Plain> g) {
        try (var tape = new GradientTape()) {
            List<Tensor> watched = new ArrayList<>();
            Tensor sum = Tensor.scalar(dtype, 0);
            int k = 0;
            for (Object r : watched(dtype, form, x -> {
                watched.add(tape.watch(x));
                return watched.getLast();
            }))
                if (r instanceof Tensor y)
                    sum = sum.add(y.mul(Tensor.of(array(Form.CONTIGUOUS, dtype, g.get(k++)))).sum());
            var gradients = tape.gradient(sum, watched);
            return watched.stream().map(x -> gradients.of(x, Unconnected.ZERO)).toList();
        }
    }

    /** The results of the library for tensors that a tape watches, not converted. */
    List<?> watched(DType dtype, Form form, UnaryOperator<Tensor> watch) {
        return results(lent(dtype, form, 0, watch));
    }

    // ---- arguments

    private Object[] lent(DType dtype, Form form, int intForm, UnaryOperator<Tensor> watch) {
        return given.all().stream().map(a -> switch (a) {
            case Plain x -> lent(dtype, form, x, watch);
            case Plain[] many -> Stream.of(many).map(x -> lent(dtype, form, x, watch)).toArray(Tensor[]::new);
            case Ints x -> lent(intForm, x);
            case Bools x -> Mask.of(x.values(), x.dims());
            case Dims d -> Shape.of(d.dims());
            case Slide s -> sliding(s);
            case Given.Type _ -> dtype;
            default -> a;
        }).toArray();
    }

    private static Sliding sliding(Slide s) {
        Sliding sliding = Sliding.DEFAULT.stride(s.stride()[0], s.stride()[1])
                .dilation(s.dilation()[0], s.dilation()[1])
                .padding(s.padding()[0], s.padding()[1]).groups(s.groups());
        return s.same() ? sliding.samePadding() : sliding;
    }

    private static Tensor lent(DType dtype, Form form, Plain x, UnaryOperator<Tensor> watch) {
        return watch.apply(Tensor.of(array(form, dtype, x)));
    }

    /** An array stored in a form; the rest of its storage is NaN. */
    private static NdArray array(Form form, DType dtype, Plain x) {
        NdArray y = form.of(dtype, Shape.of(x.dims()), () -> Double.NaN);
        Plain.forEach(x.dims(), i -> y.storage().set(y.layout().at(i), x.at(i)));
        return y;
    }

    /** The arguments after conversion to a form and a dtype: rounded, and in some forms repeated. */
    Given seen(DType dtype, Form form) {
        return given.withArrays(given.arrays().stream().map(x -> {
            NdArray y = array(form, dtype, x);
            return Plain.of(x.dims(), y::get);
        }).toList());
    }

    /** The number of forms of integers. */
    static final int INT_FORMS = 4;

    /** Integers that are contiguous, from an offset on, in part of each line, or repeated. */
    private static IntTensor lent(int form, Ints x) {
        int rank = x.dims().length;
        if (form == 0 || rank == 0)
            return IntTensor.of(x.values(), x.dims());
        int at = form == 1 ? 0 : rank - 1, extent = x.dims()[at];
        if (form < 3) {
            int[] around = Plain.with(x.dims(), at, extent + 3), values = new int[Plain.size(around)];
            Arrays.fill(values, -99);
            Plain.forEach(x.dims(), i -> values[Plain.position(around, Plain.with(i, at, i[at] + 2))] = x.at(i));
            return IntTensor.of(values, around).slice(at, 2, 2 + extent);
        }
        int[] line = Plain.with(x.dims(), 0, Math.min(1, x.dims()[0])), first = new int[Plain.size(line)];
        Plain.forEach(line, i -> first[Plain.position(line, i)] = x.at(i));
        IntTensor repeated = IntTensor.of(first, line).broadcastTo(Shape.of(x.dims()));
        return Arrays.equals(repeated.toArray(), x.values()) ? repeated : lent(0, x);
    }

    @Override
    public String toString() { return definition + "" + given; }
}
