package autograd.nn;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A walk through the components of records that collects variables, and the trainables they are in, by path.
 */
final class State {
    /** Per class, because reflection looks them up anew on every call and a model is walked in every step. */
    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) { return components(type); }
    };
    private static final ClassValue<Boolean> OVERRIDES_STATE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) { return overridesState(type); }
    };

    private final SequencedMap<String, Variable> found = new LinkedHashMap<>();
    private final SequencedMap<String, Trainable> parts = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Rng> generators = Collections.newSetFromMap(new IdentityHashMap<>());

    private State() {}

    static SequencedMap<String, Variable> of(Trainable root) {
        SequencedMap<String, Variable> found = from(root).found;
        found.forEach((path, v) -> v.path(path));
        return Collections.unmodifiableSequencedMap(found);
    }

    /** How many numbers the variables hold. Tells no variable its path. */
    static long numbers(Trainable root) {
        var found = OVERRIDES_STATE.get(root.getClass()) ? root.state() : from(root).found;
        return found.values().stream().mapToLong(Variable::size).sum();
    }

    /** The root, with an empty path, and the trainables in it, but for enums. */
    static SequencedMap<String, Trainable> parts(Trainable root) {
        return Collections.unmodifiableSequencedMap(from(root).parts);
    }

    /** Those of trainables that override state() are theirs to tell. */
    static List<Rng> generators(Trainable root) {
        return OVERRIDES_STATE.get(root.getClass()) ? List.of() : List.copyOf(from(root).generators);
    }

    private static State from(Trainable root) {
        State state = new State();
        state.parts.put("", root);
        state.seen.add(root);
        if (root instanceof Record r)
            state.walk("", r);
        else if (!(root instanceof Enum<?>))
            throw cannot("the model", root);
        return state;
    }

    private void visit(String path, @Nullable Object value) {
        if (value instanceof Rng rng)
            generators.add(rng);
        if (value == null || isPlain(value) || !seen.add(value))
            return;
        if (value instanceof Trainable t)
            parts.put(path, t);
        if (value instanceof Trainable t && OVERRIDES_STATE.get(t.getClass()))
            generators.addAll(t.generators());
        switch (value) {
            case Variable v -> put(path, v);
            case Trainable t when OVERRIDES_STATE.get(t.getClass()) ->
                t.state().forEach((p, v) -> visit(path + "." + p, v));
            case Record r -> walk(path + ".", r);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++)
                    visit(path + "." + i, list.get(i));
            }
            case Object[] array -> visit(path, Arrays.asList(array));
            case SequencedMap<?, ?> map -> map.forEach((key, v) -> visit(path + "." + key, v));
            case Map<?, ?> map -> map.keySet().stream().sorted(Comparator.comparing(String::valueOf)) // the same each
                                                                                                      // run
                    .forEach(key -> visit(path + "." + key, map.get(key)));
            default -> throw cannot(path, value);
        }
    }

    private void put(String path, Variable v) {
        if (found.putIfAbsent(path, v) != null)
            throw new IllegalStateException("two variables have the path " + path + ": rename a key or a component");
    }

    /** Whether a value has no variables in it. */
    static boolean isPlain(Object value) {
        return switch (value) {
            case Variable _ -> false;
            case Tensor _,IntTensor _,Mask _,Shape _,Rng _ -> true;
            case Number _,Boolean _,Character _,CharSequence _,Enum<?> _ -> true;
            default -> value.getClass().isArray() && value.getClass().componentType().isPrimitive();
        };
    }

    private static boolean overridesState(Class<?> type) {
        try {
            return type.getMethod("state").getDeclaringClass() != Trainable.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    private void walk(String prefix, Record record) {
        for (RecordComponent component : COMPONENTS.get(record.getClass()))
            visit(prefix + component.getName(), read(record, component));
    }

    private static List<RecordComponent> components(Class<?> type) {
        List<RecordComponent> components = List.of(type.getRecordComponents());
        for (RecordComponent component : components)
            if (!component.getAccessor().trySetAccessible())
                throw new IllegalStateException("the components of " + type.getName()
                        + " cannot be read: add `opens " + type.getPackageName() + " to autograd.nn;` to module "
                        + type.getModule().getName());
        return components;
    }

    private static @Nullable Object read(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("component " + component.getName() + " of " + record.getClass().getName(),
                    e);
        }
    }

    private static IllegalStateException cannot(String path, Object value) {
        return new IllegalStateException(path + " is a " + value.getClass().getName()
                + ", whose variables cannot be found: make it a record, or override state(); Layer.of(f) makes"
                + " a layer of a function without variables");
    }
}
