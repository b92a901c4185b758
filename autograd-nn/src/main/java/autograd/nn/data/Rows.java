package autograd.nn.data;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.Shape;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What examples are kept in: a {@link Tensor}, an {@link IntTensor} or a {@link Mask} with one example along
 * the first axis each, or a record of those.
 */
final class Rows {
    private Rows() {}

    /** How many examples there are; an error if components disagree. */
    static int count(Object rows) {
        return switch (rows) {
            case Tensor t -> first(t.shape());
            case IntTensor t -> first(t.shape());
            case Mask t -> first(t.shape());
            case Record r -> count(r);
            default -> throw unsupported(rows);
        };
    }

    /** The shape, or the name of a record, and how many examples there are. */
    static String text(Object rows) {
        return switch (rows) {
            case Tensor t -> t.shape().toString();
            case IntTensor t -> t.shape().toString();
            case Mask t -> t.shape().toString();
            default -> rows.getClass().getSimpleName() + " of " + count(rows);
        };
    }

    private static int first(Shape shape) {
        if (shape.rank() == 0)
            throw new IllegalArgumentException(
                    "examples of shape [] must be [count, ..]: one along the first axis each");
        return shape.dim(0);
    }

    private static int count(Record record) {
        Object[] parts = parts(record);
        int[] counts = Stream.of(parts).mapToInt(Rows::count).toArray();
        if (counts.length == 0)
            throw unsupported(record);
        if (IntStream.of(counts).distinct().count() > 1)
            throw new IllegalArgumentException(record.getClass().getSimpleName() + ": its components have "
                    + Arrays.toString(counts) + " examples along the first axis, they must have as many");
        return counts[0];
    }

    /** The number of an example, if there is one. */
    static int example(int i, int size) {
        if (i < 0 || i >= size)
            throw new IndexOutOfBoundsException("Dataset: no example " + i + " of " + size);
        return i;
    }

    /** Some of the examples, in the order of their numbers. */
    @SuppressWarnings("unchecked") // each case returns the type it was given
    static <T> T take(T rows, int... indices) {
        int count = count(rows);
        for (int i : indices)
            example(i, count);
        return (T) switch (rows) {
            case Tensor t -> t.indexSelect(0, IntTensor.of(indices));
            case IntTensor t -> take(t, indices);
            case Mask t -> take(t, indices);
            case Record r -> make(r, Stream.of(parts(r)).map(part -> take(part, indices)).toArray());
            default -> throw unsupported(rows);
        };
    }

    private static IntTensor take(IntTensor t, int... indices) {
        Shape shape = t.shape().with("Dataset", 0, indices.length);
        int[] some = new int[shape.size()];
        int width = indices.length == 0 ? 0 : some.length / indices.length;
        for (int row = 0; row < indices.length; row++) // not all of them
            System.arraycopy(t.slice(indices[row], indices[row] + 1).toArray(), 0, some, row * width, width);
        return IntTensor.of(some, shape.dims());
    }

    private static Mask take(Mask t, int... indices) {
        Shape shape = t.shape().with("Dataset", 0, indices.length);
        boolean[] some = new boolean[shape.size()];
        int width = indices.length == 0 ? 0 : some.length / indices.length;
        for (int row = 0; row < indices.length; row++)
            System.arraycopy(t.slice(indices[row], indices[row] + 1).toArray(), 0, some, row * width, width);
        return Mask.of(some, shape.dims());
    }

    /** The examples of two values of one type, one after the other. */
    @SuppressWarnings("unchecked") // each case returns the type it was given
    static <T> T concat(T a, T b) {
        if (a instanceof Tensor x && b instanceof Tensor y)
            return (T) Tensor.concat(0, x, y);
        if (a instanceof IntTensor x && b instanceof IntTensor y)
            return (T) IntTensor.of(IntStream.concat(IntStream.of(x.toArray()), IntStream.of(y.toArray())).toArray(),
                    joined(x.shape(), y.shape()).dims());
        if (a instanceof Mask x && b instanceof Mask y) {
            boolean[] both = Arrays.copyOf(x.toArray(), x.size() + y.size());
            System.arraycopy(y.toArray(), 0, both, x.size(), y.size());
            return (T) Mask.of(both, joined(x.shape(), y.shape()).dims());
        }
        if (a instanceof Record x && a.getClass() == b.getClass()) {
            Object[] parts = parts(x), others = parts((Record) b);
            Arrays.setAll(parts, i -> concat(parts[i], others[i]));
            return (T) make(x, parts);
        }
        throw new IllegalArgumentException("concat: examples in a " + a.getClass().getSimpleName() + " and in a "
                + b.getClass().getSimpleName() + " cannot stand in one data set");
    }

    private static Shape joined(Shape a, Shape b) {
        Shape whole = a.with("concat", 0, a.dim(0) + b.dim(0));
        if (!whole.equals(b.with("concat", 0, whole.dim(0))))
            throw new IllegalArgumentException(
                    "concat: examples " + a + " and " + b + " must have the same shape but for the first axis");
        return whole;
    }

    private static Object[] parts(Record record) {
        return Stream.of(record.getClass().getRecordComponents()).map(c -> part(record, c)).toArray();
    }

    private static Object part(Record record, RecordComponent component) {
        if (!component.getAccessor().trySetAccessible())
            throw closed(record);
        try {
            Object value = component.getAccessor().invoke(record);
            if (value == null)
                throw new IllegalArgumentException(record.getClass().getSimpleName() + "." + component.getName()
                        + " is null: each component must be a Tensor, an IntTensor, a Mask or a record of those");
            return value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(record.getClass().getName() + "." + component.getName(), e);
        }
    }

    private static Record make(Record like, Object... parts) {
        Class<?>[] types = Stream.of(like.getClass().getRecordComponents()).map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> canonical = like.getClass().getDeclaredConstructor(types);
            if (!canonical.trySetAccessible())
                throw closed(like);
            return canonical.newInstance(parts);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused)
                throw refused;
            throw new IllegalStateException(like.getClass().getName(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(like.getClass().getName(), e);
        }
    }

    private static IllegalStateException closed(Record record) {
        Class<?> type = record.getClass();
        return new IllegalStateException("the components of " + type.getName() + " cannot be read: add `opens "
                + type.getPackageName() + " to autograd.nn;` to module " + type.getModule().getName());
    }

    private static IllegalArgumentException unsupported(Object rows) {
        return new IllegalArgumentException("examples cannot be kept in a " + rows.getClass().getSimpleName()
                + ": use a Tensor, an IntTensor, a Mask or a record of those, [count, ..] each");
    }
}
