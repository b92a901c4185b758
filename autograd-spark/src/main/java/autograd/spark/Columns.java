package autograd.spark;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The numbers of some columns one after the other: of vectors, arrays of numbers, numbers and booleans.
 *
 * @param names
 *            of the columns
 */
record Columns(List<String> names) implements Serializable {
    Columns {
        names = List.copyOf(names);
        if (names.isEmpty())
            throw new IllegalArgumentException("columns: at least one must be named");
    }

    static JavaRDD<Example> examples(Dataset<Row> rows, Columns features, Columns label) {
        int count = features.names.size(), all = count + label.names.size();
        return features.select(rows, label).javaRDD().map(row -> new Example(features.numbers(row, 0, count),
                label.numbers(row, count, all)));
    }

    private Dataset<Row> select(Dataset<Row> rows, Columns others) {
        List<String> known = Arrays.asList(rows.columns());
        Stream.concat(names.stream(), others.names.stream()).filter(name -> !known.contains(name)).findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no column " + name + "; there are " + known);
                });
        return rows.select(Stream.concat(names.stream(), others.names.stream()).map(Columns::column)
                .toArray(Column[]::new));
    }

    /** A name may have dots. */
    private static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    /** The numbers of a row, whose columns from one place to another are these. */
    float[] numbers(Row row, int from, int to) {
        double[] numbers = {};
        for (int i = from; i < to; i++) {
            double[] more = numbers(names.get(i - from), row.get(i));
            int before = numbers.length;
            numbers = Arrays.copyOf(numbers, before + more.length);
            System.arraycopy(more, 0, numbers, before, more.length);
        }
        float[] rounded = new float[numbers.length];
        for (int i = 0; i < rounded.length; i++)
            rounded[i] = (float) numbers[i];
        return rounded;
    }

    private static double[] numbers(String name, @Nullable Object value) {
        return switch (value) {
            case Vector v -> v.toArray();
            case Number n -> new double[]{n.doubleValue()};
            case Boolean b -> new double[]{b ? 1 : 0};
            case Seq<?> s -> {
                double[] numbers = new double[s.size()];
                for (int i = 0; i < numbers.length; i++)
                    numbers[i] = numbers(name, s.apply(i))[0];
                yield numbers;
            }
            case null -> throw new IllegalArgumentException("column " + name + " has a null: fill it or drop the row");
            default -> throw new IllegalArgumentException("column " + name + " has a " + value.getClass().getName()
                    + ": it must be a vector, an array of numbers, or a number");
        };
    }
}
