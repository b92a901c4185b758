package autograd.nn;

import autograd.Tensor;
import autograd.Variable;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** A layer that is a function without variables. */
record Lambda(UnaryOperator<Tensor> f) implements Layer {
    /** Checks that the function captured nothing that could hold variables. */
    Lambda {
        for (Class<?> c = f.getClass(); c != null; c = c.getSuperclass())
            for (Field field : c.getDeclaredFields())
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive())
                    checkPlain(field, f);
    }

    private static void checkPlain(Field field, UnaryOperator<Tensor> f) {
        Object value = read(field, f);
        if (value instanceof RandomGenerator)
            throw new IllegalArgumentException(
                    "Layer.of: the function captures a random generator, so it would also be "
                            + "random in evaluation: make the layer a record whose forward asks pass.isTraining() and draws "
                            + "from pass.rng()");
        if (value == null || !State.isPlain(value))
            throw new IllegalArgumentException("Layer.of: the function captures "
                    + (value == null
                            ? "something that cannot be inspected, a " + field.getType().getName()
                            : value instanceof Variable v ? v.label() : "a " + value.getClass().getName())
                    + ", whose variables would neither be trained nor saved: make the layer a record with that as a"
                    + " component, `record Name(..) implements Layer`");
    }

    /** Null if it cannot be read. */
    private static @Nullable Object read(Field field, UnaryOperator<Tensor> f) {
        try {
            return field.trySetAccessible() ? field.get(f) : null;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Layer.of: " + field, e);
        }
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) { return f.apply(x); }

    @Override
    public SequencedMap<String, Variable> state() { return new LinkedHashMap<>(); }

    @Override
    public SequencedMap<String, Trainable> parts() {
        SequencedMap<String, Trainable> parts = new LinkedHashMap<>();
        parts.put("", this);
        return parts;
    }

    @Override
    public String toString() { return "Lambda"; }
}
