package autograd.nn;

import autograd.GradientTape;
import autograd.Node;
import autograd.Recorder;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a model consists of, as Keras prints it: its parts, how many numbers their variables hold, and, if it
 * is run once in evaluation, the shapes of their outputs.
 *
 * @param rows
 *            the model, then its parts in the order of the components
 */
public record Summary(List<Row> rows) {
    /**
     * A part of a model.
     *
     * @param path
     *            the path that leads to it, empty for the model
     * @param type
     *            the name of its class
     * @param output
     *            the shape of what it computed last; null if it computed nothing, as dropout in evaluation, or
     *            from constants alone
     * @param trained
     *            how many numbers its trainable variables hold
     * @param kept
     *            how many numbers its other variables hold
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public record Row(String path, String type, @Nullable Shape output, long trained, long kept) {}

    /** Keeps a copy of the list. */
    public Summary {
        rows = List.copyOf(rows);
    }

    /** A model that is not run: no shapes of outputs. */
    public static Summary of(Trainable model) {
        return rows(new Trace(model));
    }

    /** A layer for inputs of a shape, of the dtype of its variables. */
    public static Summary of(Layer model, int... shape) {
        DType dtype = model.state().values().stream().findFirst().map(Tensor::dtype).orElse(DType.F32);
        return of(model, Tensor.zeros(dtype, shape));
    }

    /** A layer for an input. */
    public static Summary of(Layer model, Tensor input) {
        return of(model, tape -> model.forward(tape.watch(input), Pass.EVAL));
    }

    /**
     * A model that takes other things than one tensor, and how it is run in evaluation. Only parts that compute
     * from trainable variables, directly or not, have an output.
     */
    public static Summary of(Trainable model, Supplier<Tensor> forward) { return of(model, _ -> forward.get()); }

    private static Summary of(Trainable model, Function<GradientTape, Tensor> forward) {
        Trace trace = new Trace(model);
        try (var tape = new GradientTape(trace)) {
            Shape shape = forward.apply(tape).shape();
            trace.settle();
            trace.outputs.put(model, shape);
        }
        return rows(trace);
    }

    private static Summary rows(Trace trace) {
        List<Row> rows = new ArrayList<>();
        trace.parts.forEach((path, part) -> rows.add(new Row(path, part.getClass().getSimpleName(),
                trace.outputs.get(part), trace.numbers(path, Variable::trainable),
                trace.numbers(path, v -> !v.trainable()))));
        return new Summary(rows);
    }

    /**
     * Finds out which part computes. The stack tells its class; which of several it is, the variable that was
     * used last, or if they have none, their order. When a method seems to have begun again, it may be that of
     * the next part: the next variable tells.
     */
    private static final class Trace implements Recorder {
        final SequencedMap<String, Trainable> parts;
        final SequencedMap<String, Variable> state;
        final Map<Trainable, Shape> outputs = new IdentityHashMap<>(), doubtful = new IdentityHashMap<>();
        private Map<Class<?>, At> before = Map.of();
        private final Set<Class<?>> again = new HashSet<>();
        private List<Trainable> using = List.of();
        private @Nullable Trainable plain;

        /** How often methods of a class are on the stack, and where the innermost is. */
        private record At(int depth, int instruction) {}

        Trace(Trainable model) {
            parts = model.parts();
            state = model.state();
        }

        @Override
        public void recorded(Node node) {
            if (node.isLeaf())
                return;
            Map<Class<?>, At> frames = frames();
            frames.forEach((type, at) -> {
                At last = before.get(type);
                if (last == null || at.instruction < last.instruction)
                    again.add(type);
            });
            before = frames;
            state.forEach((path, v) -> {
                if (node.inputs().stream().anyMatch(in -> in == v))
                    use(path);
            });
            Shape shape = node.output().shape();
            frames.forEach((type, at) -> using.stream().filter(type::isInstance).limit(at.depth)
                    .forEach(part -> (again.contains(type) ? doubtful : outputs).put(part, shape)));
            plain = plain(frames);
            if (plain != null)
                outputs.put(plain, shape);
        }

        private void use(String path) {
            using = parts.entrySet().stream().filter(e -> within(path, e.getKey())).map(Map.Entry::getValue).toList();
            doubtful.keySet().retainAll(using);
            settle();
        }

        void settle() {
            outputs.putAll(doubtful);
            doubtful.clear();
            again.clear();
        }

        /** The part without variables that computes: the same as before, or the next of its class. */
        private @Nullable Trainable plain(Map<Class<?>, At> frames) {
            if (plain != null && frames.containsKey(plain.getClass()))
                return plain;
            return parts.entrySet().stream()
                    .filter(e -> frames.containsKey(e.getValue().getClass()) && !outputs.containsKey(e.getValue())
                            && state.keySet().stream().noneMatch(path -> within(path, e.getKey())))
                    .map(Map.Entry::getValue).findFirst().orElse(null);
        }

        private static Map<Class<?>, At> frames() {
            Map<Class<?>, At> frames = new HashMap<>();
            StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
                Class<?> type = frame.getDeclaringClass();
                if (Trainable.class.isAssignableFrom(type) && type != Layer.class
                        && !frame.getMethodName().startsWith("lambda$"))
                    frames.merge(type, new At(1, frame.getByteCodeIndex()),
                            (inner, _) -> new At(inner.depth + 1, inner.instruction));
            });
            return frames;
        }

        long numbers(String path, Predicate<Variable> which) {
            return state.entrySet().stream().filter(e -> within(e.getKey(), path)).map(Map.Entry::getValue)
                    .filter(which).mapToLong(Variable::size).sum();
        }

        private static boolean within(String path, String part) {
            return part.isEmpty() || path.startsWith(part + ".");
        }
    }

    /** A table as Keras prints it: a line for each part, and the sums. */
    @Override
    public String toString() {
        List<String[]> lines = new ArrayList<>();
        lines.add(new String[]{"Layer (type)", "Output shape", "Params"});
        for (Row row : rows)
            lines.add(new String[]{row.path.isEmpty() ? row.type : row.path + " (" + row.type + ")",
                    row.output == null ? "" : row.output.toString(), count(row.trained + row.kept)});
        int[] widths = new int[3];
        for (String[] line : lines)
            for (int i = 0; i < widths.length; i++)
                widths[i] = Math.max(widths[i], line[i].length());
        String format = "%-" + widths[0] + "s  %-" + widths[1] + "s  %" + widths[2] + "s";
        List<String> table = lines.stream().map(line -> String.format(Locale.ROOT, format, (Object[]) line))
                .collect(Collectors.toCollection(ArrayList::new));
        String rule = "-".repeat(table.getFirst().length());
        table.add(1, rule);
        table.add(rule);
        Row model = rows.getFirst();
        table.add("Total params: " + count(model.trained + model.kept));
        table.add("Trainable params: " + count(model.trained));
        table.add("Non-trainable params: " + count(model.kept));
        return String.join("\n", table);
    }

    private static String count(long numbers) { return String.format(Locale.ROOT, "%,d", numbers); }
}
