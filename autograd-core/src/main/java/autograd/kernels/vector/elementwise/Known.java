package autograd.kernels.vector.elementwise;

import autograd.array.DType;
import autograd.kernels.Kernels;
import autograd.kernels.vector.hotspot.ScalarBudget;
import autograd.kernels.vector.hotspot.Specialization;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A function that has a vector version. Kernels know no operations, so functions are told by the names of
 * their classes.
 */
public final class Known {
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
        protected Known computeValue(Class<?> c) { return new Known(name(c)); }
    };

    private final String name;
    private final boolean exact;
    private final ScalarBudget rare = new ScalarBudget(RARE);
    private @Nullable ElementwiseLoop floats, doubles;

    private Known(String name) {
        this.name = name;
        this.exact = EXACT.contains(name);
    }

    /** What is known of a function that is to be applied to n elements, or null. */
    public static @Nullable Known of(Kernels.Parametric function, int n) {
        Known known = OF.get(function.getClass());
        if (known.name.equals(POWER)) {
            String other = POWERS.get(function.parameters()[0]);
            return other == null ? null : BY_NAME.computeIfAbsent(other, Known::new);
        }
        return known.exact && known.rare.are(n) || !FloatFunctions.BY_NAME.containsKey(known.name) ? null : known;
    }

    /** What is known of an optimizer's rule, or null. */
    public static @Nullable Known rule(Kernels.Step step) {
        Known known = OF.get(step.getClass());
        return RULES.contains(known.name) ? known : null;
    }

    /** A parameter of a function, 0 if it has fewer. */
    public static double parameter(Kernels.Parametric function, int i) {
        double[] all = function.parameters();
        return i < all.length ? all[i] : 0;
    }

    public String name() { return name; }

    /** The name of a class of this library without its package, else nothing. */
    public static String name(Class<?> c) {
        boolean ours = c.getClassLoader() == Kernels.class.getClassLoader() && c.getName().startsWith(HOME);
        return ours ? c.getName().substring(HOME.length()) : "";
    }

    /** Its loops for a dtype. Threads may race here; the worst is one copy too many. */
    public ElementwiseLoop loop(DType dtype) {
        ElementwiseLoop loop = dtype == DType.F32 ? floats : doubles;
        if (loop != null)
            return loop;
        if (dtype == DType.F32)
            return floats = staged(dtype, FloatFunctions.BY_NAME.get(name), FloatElementwiseLoop.class);
        return doubles = staged(dtype, DoubleFunctions.BY_NAME.get(name), DoubleElementwiseLoop.class);
    }

    private static ElementwiseLoop staged(DType dtype, List<?> stages, Class<? extends ElementwiseLoop> original) {
        List<ElementwiseLoop> loops = new ArrayList<>();
        for (Object stage : stages)
            loops.add(Specialization.of(MethodHandles.lookup(), ElementwiseLoop.class, original, stage));
        return loops.size() == 1 ? loops.getFirst() : new StagedLoop(dtype, loops);
    }
}
