package autograd.nn.data;

import autograd.Tensor;
import autograd.array.DType;
import autograd.nn.files.InputFile;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rows of a CSV file read so far. A separate class, because the library may be absent. */
final class CsvRows {
    /** Lines of a wrong length and empty ones are let through: here it is known what to say about them. */
    private static final CsvReader.CsvReaderBuilder CSV = CsvReader.builder().skipEmptyLines(false)
            .allowUnclosedQuote(false).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
    private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none", "?");
    /** What bytes that are not of the charset become: half of a surrogate pair, which nothing else becomes. */
    private static final String MALFORMED = "\uDC00";

    private final String name;
    private final CsvFormat format;
    private final List<String> columns;
    /** For each column the number of each text, or null if it holds numbers. */
    private final List<@Nullable Map<String, Integer>> texts = new ArrayList<>();
    private final @Nullable Csv like;
    private final Numbers numbers;
    private int[] lines = new int[16];
    private int rows;

    private CsvRows(String name, CsvFormat format, CsvRecord header, @Nullable Csv like) {
        this.name = name;
        this.format = format;
        this.columns = List.copyOf(header.getFields());
        this.like = like;
        this.numbers = new Numbers(format.dtype(), name);
        for (int i = 0; i < columns.size(); i++)
            if (isMalformed(columns.get(i)))
                throw malformed(name + ", line " + header.getStartingLineNumber() + ", column " + (i + 1));
        if (new HashSet<>(columns).size() < columns.size())
            throw new IllegalArgumentException(name + " names a column twice in its first line: " + columns);
        for (String column : columns)
            texts.add(format.categories().contains(column) ? texts(column) : null);
    }

    private Map<String, Integer> texts(String column) {
        Map<String, Integer> texts = new LinkedHashMap<>();
        if (like != null)
            like.categories().get(column).forEach(text -> texts.put(text, texts.size()));
        return texts;
    }

    static Csv read(InputStream in, String name, CsvFormat format) { return read(in, name, format, null); }

    static Csv readLike(Csv like, InputStream in, String name) { return read(in, name, like.format(), like); }

    private static Csv read(InputStream in, String name, CsvFormat format, @Nullable Csv like) {
        try (var records = CSV.ofCsvRecord(reader(in)).iterator()) {
            CsvRecord header = null;
            while (records.hasNext() && (header == null || isEmpty(header)))
                header = records.next();
            if (header == null || isEmpty(header))
                throw new IllegalArgumentException(name + " is empty: its first line must name the columns");
            var rows = new CsvRows(name, format, header, like);
            rows.checkColumns();
            while (records.hasNext())
                rows.add(records.next());
            return rows.csv();
        } catch (CsvParseException e) {
            if (e.getCause() instanceof Error error) // of the memory, for example
                throw error;
            throw new IllegalArgumentException(name + " is not a CSV file: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw InputFile.cannot("read", name, e.getCause());
        } catch (IOException e) {
            throw InputFile.cannot("read", name, e);
        }
    }

    /** The characters, by the byte order mark if there is one. */
    private static Reader reader(InputStream in) throws IOException {
        var bytes = new BufferedInputStream(in);
        bytes.mark(3);
        int first = bytes.read(), second = bytes.read(), third = bytes.read();
        bytes.reset();
        if (first == 0xEF && second == 0xBB && third == 0xBF)
            bytes.skipNBytes(3);
        boolean wide = first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE;
        return new InputStreamReader(bytes, (wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8).newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE).replaceWith(MALFORMED));
    }

    private static boolean isMalformed(String text) {
        return text.contains(MALFORMED) && text.codePoints().anyMatch(c -> c == MALFORMED.charAt(0));
    }

    private static IllegalArgumentException malformed(String at) {
        return new IllegalArgumentException(at + ": there are bytes that are not UTF-8; save the file as UTF-8");
    }

    private static boolean isEmpty(CsvRecord record) {
        return record.getFieldCount() == 1 && record.getField(0).isEmpty();
    }

    private void checkColumns() {
        if (like == null) {
            Set<String> named = new HashSet<>(format.categories());
            named.addAll(format.fills().keySet());
            named.removeAll(columns);
            if (!named.isEmpty())
                throw new IllegalArgumentException(
                        name + " has no column " + String.join(", ", named) + ", it has " + columns);
            for (String column : format.fills().keySet())
                if (format.categories().contains(column))
                    throw new IllegalArgumentException(
                            name + ", column " + column + ": only numbers are filled; an empty "
                                    + "text is a category like any other");
        } else
            for (String column : columns)
                if (!like.columns().contains(column))
                    throw new IllegalArgumentException(name + " has a column " + column + ", which " + like.name()
                            + " has not; that has " + like.columns());
    }

    private void add(CsvRecord record) {
        if (columns.size() > 1 && isEmpty(record))
            return;
        if (record.getFieldCount() != columns.size())
            throw new IllegalArgumentException(at(record) + " has " + record.getFieldCount()
                    + " fields, but the first line names " + columns.size() + " columns");
        for (int i = 0; i < columns.size(); i++) {
            Map<String, Integer> known = texts.get(i);
            numbers.add(known == null ? number(record, i) : category(known, record, i));
        }
        if (rows == lines.length)
            lines = Arrays.copyOf(lines, 2 * rows);
        lines[rows++] = (int) record.getStartingLineNumber();
    }

    private int category(Map<String, Integer> known, CsvRecord record, int i) {
        String text = record.getField(i);
        Integer number = known.get(text);
        if (number != null)
            return number;
        if (isMalformed(text))
            throw malformed(at(record, i));
        if (like != null)
            throw new IllegalArgumentException(at(record, i) + ": \"" + text + "\" is not a category of " + like.name()
                    + ", which has " + known.keySet());
        known.put(text, known.size());
        return known.size() - 1;
    }

    /** NaN if it is missing, and may be. */
    private double number(CsvRecord record, int i) {
        String text = record.getField(i).strip();
        if (isDecimal(text))
            try {
                return exact(format.dtype() == DType.F32 ? Float.parseFloat(text) : Double.parseDouble(text), text,
                        record, i);
            } catch (NumberFormatException e) {
                throw notANumber(record, i, e);
            }
        if (!MISSING.contains(text.toLowerCase(Locale.ROOT)))
            throw notANumber(record, i, null);
        if (!format.fills().containsKey(columns.get(i)))
            throw new IllegalArgumentException(at(record, i) + ": the number is missing (\"" + record.getField(i)
                    + "\"); say how to fill it, for example by CsvFormat.DEFAULT.fill(Fill.MEAN, \"" + columns.get(i)
                    + "\")");
        return Double.NaN;
    }

    /** Java's own syntax has more: 1d, 0x1p3, Infinity. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++)
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0)
                return false;
        return !text.isEmpty();
    }

    private IllegalArgumentException notANumber(CsvRecord record, int i, @Nullable Exception cause) {
        return isMalformed(record.getField(i))
                ? malformed(at(record, i))
                : new IllegalArgumentException(at(record, i) + ": \"" + record.getField(i) + "\" is not a number; name "
                        + "the column among the categories if it holds texts", cause);
    }

    /** The number, if it is finite, and if it is written out and large, as it is written. */
    private double exact(double value, String text, CsvRecord record, int i) {
        boolean single = format.dtype() == DType.F32;
        if (Double.isInfinite(value))
            throw new IllegalArgumentException(at(record, i) + ": \"" + text + "\" is beyond the numbers of "
                    + format.dtype() + (single ? "; read the file with CsvFormat.DEFAULT.dtype(DType.F64)" : ""));
        if (value == 0 && new BigDecimal(text).signum() != 0)
            throw new IllegalArgumentException(at(record, i) + ": \"" + text + "\" is too small for " + format.dtype()
                    + " and would become 0; "
                    + (single ? "read the file with CsvFormat.DEFAULT.dtype(DType.F64), or " : "")
                    + "write 0");
        boolean large = Math.abs(value) >= (single ? 1 << 24 : 1L << 53), full = text.indexOf('e') < 0
                && text.indexOf('E') < 0;
        if (large && full && new BigDecimal(text).compareTo(new BigDecimal(value)) != 0)
            throw new IllegalArgumentException(at(record, i) + ": \"" + text + "\" would be rounded to "
                    + new BigDecimal(value).toPlainString() + " in " + format.dtype() + "; "
                    + (single ? "read the file with CsvFormat.DEFAULT.dtype(DType.F64), or " : "")
                    + "name the column among the categories if it holds names");
        return value;
    }

    private String at(CsvRecord record) { return name + ", line " + record.getStartingLineNumber(); }

    private String at(CsvRecord record, int i) { return at(record) + ", column " + columns.get(i); }

    private Csv csv() {
        Map<String, Fill> filled = new LinkedHashMap<>();
        format.fills()
                .forEach((column, fill) -> filled.put(column, columns.contains(column) ? fill(column, fill) : fill));
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            Map<String, Integer> known = texts.get(i);
            if (known != null)
                categories.put(columns.get(i), List.copyOf(known.keySet()));
        }
        return new Csv(name, new CsvFormat(format.dtype(), format.categories(), filled), columns,
                numbers.tensor(rows, columns.size()), Arrays.copyOf(lines, rows),
                Collections.unmodifiableMap(categories));
    }

    /** Fills a column and returns the replacement. */
    private Fill fill(String column, Fill fill) {
        int width = columns.size(), at = columns.indexOf(column);
        double[] all = new double[rows];
        for (int row = 0; row < rows; row++)
            all[row] = numbers.get(row * width + at);
        double[] present = Arrays.stream(all).filter(v -> !Double.isNaN(v)).toArray();
        double value = fill.of(present);
        if (!Double.isFinite(value))
            throw new IllegalArgumentException(name + ", column " + column + " would be filled with " + value
                    + ", which must be a finite number; " + present.length + " of its numbers are there");
        for (int row = 0; row < rows; row++)
            if (Double.isNaN(all[row]))
                numbers.set(row * width + at, value);
        return Fill.constant(value);
    }

    /** Numbers of a dtype, row by row, that grow. */
    private static final class Numbers {
        private static final int MOST = Integer.MAX_VALUE - 16;

        private final String name;
        private final boolean single;
        private float[] floats;
        private double[] doubles;
        private int size;

        Numbers(DType dtype, String name) {
            this.name = name;
            single = dtype == DType.F32;
            floats = new float[single ? 64 : 0];
            doubles = new double[single ? 0 : 64];
        }

        void add(double value) {
            int room = single ? floats.length : doubles.length;
            if (size == room) {
                if (room == MOST)
                    throw new IllegalArgumentException(name + " has more than " + MOST
                            + " numbers, more than one array can hold; split it");
                int more = (int) Math.min(MOST, room + (long) room / 2);
                floats = single ? Arrays.copyOf(floats, more) : floats;
                doubles = single ? doubles : Arrays.copyOf(doubles, more);
            }
            set(size++, value);
        }

        double get(int i) { return single ? floats[i] : doubles[i]; }

        void set(int i, double value) {
            if (single)
                floats[i] = (float) value;
            else
                doubles[i] = value;
        }

        Tensor tensor(int rows, int width) {
            return single
                    ? Tensor.of(Arrays.copyOf(floats, size), rows, width)
                    : Tensor.of(DType.F64, Arrays.copyOf(doubles, size), rows, width);
        }
    }
}
