package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.nn.files.InputFile;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A table as a file of comma-separated values holds it (RFC 4180), whose first line names the columns.
 * Columns are numbers, or categories, whose texts are numbered in the order of their first appearance:
 *
 * {@snippet :
 * Csv train = Csv.read(Path.of("train.csv"), CsvFormat.DEFAULT.categories("sex").fill(Fill.MEDIAN, "age"));
 * Csv test = train.like(Path.of("test.csv")); // the same categories and the same median
 * Dataset<Tensor, IntTensor> classes = Dataset.of(train.features("sex", "age"), train.labels("survived"));
 * Dataset<Tensor, Tensor> numbers = Dataset.of(train.features("sex", "age"), train.columns("fare")); // [rows, 1]
 * }
 *
 * <p>
 * Numbers are decimal, such as {@code -1.5} or {@code 2e3}. A number that is written out in full and that the
 * dtype would round beyond its integers (2^24 of F32, 2^53 of F64) is an error, and so is one that would
 * become infinite or, though it is not 0, 0. Missing are numbers whose field is empty or is {@code NA},
 * {@code N/A}, {@code NaN}, {@code null}, {@code none} or {@code ?}, in small or capital letters; each is an
 * error unless the format says how to fill it. A category may be an empty text. Lines without any character
 * are passed over, but in a file of one column they are an empty field.
 */
public final class Csv {
    private final String name;
    private final CsvFormat format;
    private final List<String> columns;
    private final Tensor values;
    private final int[] lines;
    private final Map<String, List<String>> categories;

    /** A table that was read: where each row stands, and for each column of texts what its numbers stand for. */
    Csv(String name, CsvFormat format, List<String> columns, Tensor values, int[] lines,
            Map<String, List<String>> categories) {
        this.name = name;
        this.format = format;
        this.columns = columns;
        this.values = values;
        this.lines = lines;
        this.categories = categories;
    }

    /**
     * Reads a file of F32.
     *
     * @param file
     *            in UTF-8, or in UTF-16 with a byte order mark, all lines with as many fields as the first one
     * @param categories
     *            names of columns that hold texts
     * @return the table; an error names the file, the line and the column
     */
    public static Csv read(Path file, String... categories) {
        return read(file, CsvFormat.DEFAULT.categories(categories));
    }

    /** Reads a file in a format. */
    public static Csv read(Path file, CsvFormat format) {
        return InputFile.read(file, (in, _) -> read(in, file.toString(), format));
    }

    /** Reads a stream of F32 to its end; the name begins messages; the stream is closed. */
    public static Csv read(InputStream in, String name, String... categories) {
        return read(in, name, CsvFormat.DEFAULT.categories(categories));
    }

    /** Reads a stream in a format to its end; the name begins messages; the stream is closed. */
    public static Csv read(InputStream in, String name, CsvFormat format) {
        return withLibrary(() -> CsvRows.read(in, name, format));
    }

    /**
     * Reads another file as this one was read, with the same numbers for the same categories, and with the same
     * numbers in place of missing ones.
     *
     * @param file
     *            its columns are some or all of these, in any order; another column or category is an error
     * @return the table
     */
    public Csv like(Path file) { return InputFile.read(file, (in, _) -> like(in, file.toString())); }

    /** Reads a stream as this table was read; the name begins messages; the stream is closed. */
    public Csv like(InputStream in, String name) {
        return withLibrary(() -> CsvRows.readLike(this, in, name));
    }

    private interface Work {
        Csv done();
    }

    private static Csv withLibrary(Work work) {
        try {
            return work.done();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("Csv needs the library de.siegmar:fastcsv; "
                    + "in modules add --add-modules de.siegmar.fastcsv, or a requires", e);
        }
    }

    /** What messages call the file. */
    public String name() { return name; }

    /** How it was read; means and medians have become constants. */
    public CsvFormat format() { return format; }

    /** The names of the columns, first to last. */
    public List<String> columns() { return columns; }

    /** For each column of texts, what its numbers 0, 1, .. stand for. */
    public Map<String, List<String>> categories() {
        return categories;
    }

    /** All numbers, and those of categories, shape [rows, columns]. */
    public Tensor values() { return values; }

    /** One column, shape [rows]. */
    public Tensor column(String column) { return columns(column).squeeze(1); }

    /** Some columns, shape [rows, as many]. */
    public Tensor columns(String... some) {
        return values.indexSelect(1, IntTensor.of(Arrays.stream(some).mapToInt(this::indexOf).toArray()));
    }

    /** All columns but some. */
    public Tensor without(String... some) { return columns(rest(some)); }

    private String[] rest(String... some) {
        List<String> rest = new ArrayList<>(columns);
        for (String column : some)
            rest.remove(columns.get(indexOf(column)));
        return rest.toArray(String[]::new);
    }

    /**
     * Some columns to learn from, side by side: numbers as they are, a category as a column for each of its
     * texts, which is 1 where the category is that text, else 0.
     */
    public Tensor features(String... some) {
        if (some.length == 0)
            throw new IllegalArgumentException(name + ": features need a column at least; there are " + columns);
        return Tensor.concat(1, Arrays.stream(some).map(column -> categories.containsKey(column)
                ? labels(column).oneHot(values.dtype(), categories.get(column).size())
                : columns(column)).toArray(Tensor[]::new));
    }

    /**
     * Some columns as integers, shape [rows, as many]: the numbers of categories, for an {@code Embedding}, or
     * other whole numbers.
     */
    public IntTensor integers(String... some) {
        int[] all = new int[lines.length * some.length];
        for (int c = 0; c < some.length; c++) {
            int[] column = labels(some[c]).toArray();
            for (int row = 0; row < column.length; row++)
                all[row * some.length + c] = column[row];
        }
        return IntTensor.of(all, lines.length, some.length);
    }

    /** All columns but some as {@link #features}. */
    public Tensor featuresWithout(String... some) {
        return features(rest(some));
    }

    /** A column of categories or other whole numbers, as labels. */
    public IntTensor labels(String column) {
        double[] numbers = column(column).to(DType.F64).toDoubleArray();
        int[] labels = new int[numbers.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (int) numbers[row];
            if (labels[row] != numbers[row])
                throw new IllegalArgumentException(name + ", line " + lines[row] + ", column " + column + ": "
                        + numbers[row] + " is not a whole number of 32 bits, labels must be");
        }
        return IntTensor.of(labels);
    }

    int indexOf(String column) {
        int at = columns.indexOf(column);
        if (at < 0)
            throw new IllegalArgumentException(name + " has no column " + column + ", it has " + columns);
        return at;
    }

    /** The name, how many rows there are, and the columns. */
    @Override
    public String toString() { return name + ": " + lines.length + " rows of " + columns; }
}
