package autograd.nn.data;

import autograd.IntTensor;
import autograd.Tensor;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), categories);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + " does not exist; check the folder and the name", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Reads a stream to its end; the name stands in messages; the stream is closed. */
    public static Csv read(InputStream in, String name, String... categories) {
        try {
            return Table.read(in, name, categories);
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

    /** The rows read so far. Apart, because the library may be absent. */
    private record Table(String name, List<String> columns, Map<String, List<String>> categories, List<float[]> rows) {
        /** Lines of a wrong length are let through: here it is known what to say about them. */
        private static final CsvReader.CsvReaderBuilder CSV = CsvReader.builder().detectBomHeader(true)
                .allowUnclosedQuote(false).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);

        static Csv read(InputStream in, String name, String... categories) {
            try (var lines = CSV.ofCsvRecord(in).iterator()) {
                if (!lines.hasNext())
                    throw new IllegalArgumentException(name + " is empty: its first line must name the columns");
                var table = new Table(name, List.copyOf(lines.next().getFields()), categories);
                lines.forEachRemaining(table::add);
                return table.csv();
            } catch (CsvParseException e) {
                throw new IllegalArgumentException(name + " is not a CSV file: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + name + ": " + e.getMessage(), e);
            }
        }

        Table(String name, List<String> columns, String... categories) {
            this(name, columns, new LinkedHashMap<>(), new ArrayList<>());
            if (new HashSet<>(columns).size() < columns.size())
                throw new IllegalArgumentException(name + " names a column twice in its first line: " + columns);
            for (String category : categories) {
                if (!columns.contains(category))
                    throw new IllegalArgumentException(name + " has no column " + category + ", it has " + columns);
                this.categories.put(category, new ArrayList<>());
            }
        }

        void add(CsvRecord line) {
            if (line.getFieldCount() != columns.size())
                throw new IllegalArgumentException(at(line) + " has " + line.getFieldCount()
                        + " fields, but the first line names " + columns.size() + " columns");
            float[] row = new float[columns.size()];
            for (int i = 0; i < row.length; i++) {
                List<String> texts = categories.get(columns.get(i));
                row[i] = texts == null ? number(line, i) : index(texts, line.getField(i));
            }
            rows.add(row);
        }

        private float number(CsvRecord line, int i) {
            try {
                return Float.parseFloat(line.getField(i));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(at(line) + ", column " + columns.get(i) + ": \"" + line.getField(i)
                        + "\" is not a number; name the column as one of categories if it holds texts", e);
            }
        }

        private static int index(List<String> texts, String text) {
            if (!texts.contains(text))
                texts.add(text);
            return texts.indexOf(text);
        }

        private String at(CsvRecord line) { return name + ", line " + line.getStartingLineNumber(); }

        Csv csv() {
            int width = columns.size();
            float[] all = new float[Math.multiplyExact(rows.size(), width)];
            for (int row = 0; row < rows.size(); row++)
                System.arraycopy(rows.get(row), 0, all, row * width, width);
            return new Csv(name, columns, Tensor.of(all, rows.size(), width), categories);
        }
    }
}
