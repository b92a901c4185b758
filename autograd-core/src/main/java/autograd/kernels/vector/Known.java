package autograd.kernels.vector;

import autograd.array.DType;
import autograd.kernels.Kernels;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A function that has a vector version. Kernels know no operations, so functions are told by the names of
 * their classes; the components of such a record are the function's parameters.
 */
final class Known {
    private static final String HOME = "autograd.", POWER = "Functions$PowScalar";
    /** Powers that are other functions. */
    private static final Map<Double, String> POWERS = Map.of(-1.0, "Elementwise$Reciprocal", 2.0, "Functions$Square",
            3.0, "Functions$Cube");
    private static final Set<String> RULES = Set.of("Updates$Sgd", "Updates$Momentum", "Updates$Adam",
            "Updates$RmsProp", "Updates$CenteredRmsProp");
    /** Functions of a single rounding: scalar kernels, which need less time until they are compiled, agree. */
    private static final Set<String> EXACT = Set.of("Elementwise$Add", "Elementwise$Sub", "Elementwise$Mul",
            "Elementwise$Zmul", "Elementwise$Div", "Elementwise$Neg", "Elementwise$Reciprocal", "Elementwise$Abs",
            "Functions$Square", "Functions$Sqrt", "Activations$Relu", "Activations$ReluVjp");
    /** Scalar kernels take about a millisecond for so many elements. */
    private static final int RARE = 1 << 20;
    private static final Map<String, Known> BY_NAME = new ConcurrentHashMap<>();
    private static final ClassValue<Known> OF = new ClassValue<>() {
        @Override
        protected Known computeValue(Class<?> c) { return new Known(name(c), parameters(c)); }
    };

    private final String name;
    private final Method[] parameters;
    private final boolean exact;
    private final Rare rare = new Rare(RARE);
    private @Nullable Loop floats, doubles;

    private Known(String name, Method... parameters) {
        this.name = name;
        this.exact = EXACT.contains(name);
        this.parameters = parameters;
    }

    /** What is known of a function that is to be applied to n elements, or null. */
    static @Nullable Known of(Object function, int n) {
        Known known = OF.get(function.getClass());
        if (known.name.equals(POWER)) {
            String other = POWERS.get(known.parameter(0, function));
            return other == null ? null : BY_NAME.computeIfAbsent(other, Known::new);
        }
        return known.exact && known.rare.are(n) || !FloatFunctions.BY_NAME.containsKey(known.name) ? null : known;
    }

    /** What is known of an optimizer's rule, or null. */
    static @Nullable Known rule(Object step) {
        Known known = OF.get(step.getClass());
        return RULES.contains(known.name) ? known : null;
    }

    String name() { return name; }

    /** The name of a class of this library without its package, else nothing. */
    static String name(Class<?> c) {
        boolean ours = c.getClassLoader() == Kernels.class.getClassLoader() && c.getName().startsWith(HOME);
        return ours ? c.getName().substring(HOME.length()) : "";
    }

    private static Method[] parameters(Class<?> c) {
        RecordComponent[] components = c.isRecord() ? c.getRecordComponents() : new RecordComponent[0];
        Method[] accessors = new Method[components.length];
        for (int i = 0; i < accessors.length; i++)
            accessors[i] = components[i].getAccessor();
        return accessors;
    }

    /** The parameters of a function; a truth value is 1 or 0. */
    double[] parameters(Object function) {
        double[] values = new double[parameters.length];
        for (int i = 0; i < values.length; i++)
            values[i] = parameter(i, function);
        return values;
    }

    /** A parameter of a function, 0 if it has fewer. */
    double parameter(int i, Object function) {
        if (i >= parameters.length)
            return 0;
        try {
            Object value = parameters[i].invoke(function);
            return value instanceof Number n ? n.doubleValue() : Boolean.TRUE.equals(value) ? 1 : 0;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + parameters[i], e);
        }
    }

    /** Its loops for a dtype. Threads may race here; the worst is one copy too many. */
    Loop loop(DType dtype) {
        Loop loop = dtype == DType.F32 ? floats : doubles;
        if (loop != null)
            return loop;
        if (dtype == DType.F32)
            return floats = staged(dtype, FloatFunctions.BY_NAME.get(name), FloatLoop.class);
        return doubles = staged(dtype, DoubleFunctions.BY_NAME.get(name), DoubleLoop.class);
    }

    private static Loop staged(DType dtype, List<?> stages, Class<? extends Loop> original) {
        List<Loop> loops = new ArrayList<>();
        for (Object stage : stages)
            loops.add(Copy.of(Loop.class, original, stage));
        return loops.size() == 1 ? loops.getFirst() : new Staged(dtype, loops);
    }
}
