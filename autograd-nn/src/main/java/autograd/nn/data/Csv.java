package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.nn.files.InputFile;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table as a file of comma-separated values holds it (RFC 4180), whose first line names the columns.
 * Columns are numbers, but for categories, whose texts are numbered in the order of their first appearance.
 *
 * @param name
 *            what messages call the file
 * @param columns
 *            the names, first to last
 * @param values
 *            the numbers, shape [rows, columns], F32
 * @param categories
 *            for each column of texts, what its numbers 0, 1, .. stand for
 */
public record Csv(String name, List<String> columns, Tensor values, Map<String, List<String>> categories) {
    /**
     * Reads a file.
     *
     * @param file
     *            in UTF-8, all lines as long as the first one
     * @param categories
     *            names of columns that hold texts
     * @return the table; an error names the file, the line and the column
     */
    public static Csv read(Path file, String... categories) {
        return InputFile.read(file, (in, _) -> read(in, file.toString(), categories));
    }

    /** Reads a stream to its end; the name stands in messages; the stream is closed. */
    public static Csv read(InputStream in, String name, String... categories) {
        try {
            return CsvRows.read(in, name, categories);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("Csv needs the library de.siegmar:fastcsv; "
                    + "in modules add --add-modules de.siegmar.fastcsv, or a requires", e);
        }
    }

    /** One column, shape [rows]. */
    public Tensor column(String column) { return columns(column).squeeze(1); }

    /** Some columns, shape [rows, as many]. */
    public Tensor columns(String... some) {
        return values.indexSelect(1, IntTensor.of(Arrays.stream(some).mapToInt(this::indexOf).toArray()));
    }

    /** All columns but some. */
    public Tensor without(String... some) {
        List<String> rest = new ArrayList<>(columns);
        for (String column : some)
            rest.remove(columns.get(indexOf(column)));
        return columns(rest.toArray(String[]::new));
    }

    /** A column of categories or other whole numbers, as labels. */
    public IntTensor labels(String column) {
        float[] numbers = column(column).toFloatArray();
        int[] labels = new int[numbers.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (int) numbers[row];
            if (labels[row] != numbers[row])
                throw new IllegalArgumentException(name + ", row " + (row + 1) + " of column " + column + ": "
                        + numbers[row] + " is not a whole number, labels must be");
        }
        return IntTensor.of(labels);
    }

    private int indexOf(String column) {
        int at = columns.indexOf(column);
        if (at < 0)
            throw new IllegalArgumentException(name + " has no column " + column + ", it has " + columns);
        return at;
    }
}
