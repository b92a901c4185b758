package autograd.nn.data;

import autograd.Tensor;
import autograd.nn.files.InputFile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a CSV file read so far. Apart from {@link Csv}, because the library may be absent. */
final class CsvRows {
    /** Lines of a wrong length are let through: here it is known what to say about them. */
    private static final CsvReader.CsvReaderBuilder CSV = CsvReader.builder().detectBomHeader(true)
            .allowUnclosedQuote(false).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);

    private final String name;
    private final List<String> columns;
    /** For each column of texts, the number of each. */
    private final Map<String, Map<String, Integer>> categories = new LinkedHashMap<>();
    private final List<float[]> rows = new ArrayList<>();

    private CsvRows(String name, List<String> columns, String... categories) {
        this.name = name;
        this.columns = columns;
        if (new HashSet<>(columns).size() < columns.size())
            throw new IllegalArgumentException(name + " names a column twice in its first line: " + columns);
        for (String category : categories) {
            if (!columns.contains(category))
                throw new IllegalArgumentException(name + " has no column " + category + ", it has " + columns);
            this.categories.put(category, new LinkedHashMap<>());
        }
    }

    static Csv read(InputStream in, String name, String... categories) {
        try (var lines = CSV.ofCsvRecord(in).iterator()) {
            if (!lines.hasNext())
                throw new IllegalArgumentException(name + " is empty: its first line must name the columns");
            var rows = new CsvRows(name, List.copyOf(lines.next().getFields()), categories);
            lines.forEachRemaining(rows::add);
            return rows.csv();
        } catch (CsvParseException e) {
            throw new IllegalArgumentException(name + " is not a CSV file: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw InputFile.cannot("read", name, e.getCause());
        } catch (IOException e) {
            throw InputFile.cannot("read", name, e);
        }
    }

    private void add(CsvRecord line) {
        if (line.getFieldCount() != columns.size())
            throw new IllegalArgumentException(at(line) + " has " + line.getFieldCount()
                    + " fields, but the first line names " + columns.size() + " columns");
        float[] row = new float[columns.size()];
        for (int i = 0; i < row.length; i++) {
            Map<String, Integer> texts = categories.get(columns.get(i));
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

    private static int index(Map<String, Integer> texts, String text) {
        Integer next = texts.size(), known = texts.putIfAbsent(text, next);
        return known == null ? next : known;
    }

    private String at(CsvRecord line) { return name + ", line " + line.getStartingLineNumber(); }

    private Csv csv() {
        int width = columns.size();
        if ((long) rows.size() * width > Integer.MAX_VALUE - 16)
            throw new IllegalArgumentException(name + " has " + rows.size() + " rows of " + width
                    + " columns, more numbers than one array can hold");
        float[] all = new float[rows.size() * width];
        for (int row = 0; row < rows.size(); row++)
            System.arraycopy(rows.get(row), 0, all, row * width, width);
        var texts = new LinkedHashMap<String, List<String>>();
        categories.forEach((column, numbered) -> texts.put(column, List.copyOf(numbered.keySet())));
        return new Csv(name, columns, Tensor.of(all, rows.size(), width), Collections.unmodifiableMap(texts));
    }
}
