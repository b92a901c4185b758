package autograd.nn.data;

import autograd.array.DType;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the columns of a CSV file are read: numbers of F32, unless it says otherwise. For example
 * {@code CsvFormat.DEFAULT.categories("sex", "port").fill(Fill.MEDIAN, "age").dtype(DType.F64)}.
 *
 * @param dtype
 *            of the numbers
 * @param categories
 *            columns that hold texts
 * @param fills
 *            what stands in for missing numbers, by column
 */
public record CsvFormat(DType dtype, Set<String> categories, Map<String, Fill> fills) {
    /** Numbers of F32, none of them missing. */
    public static final CsvFormat DEFAULT = new CsvFormat(DType.F32, Set.of(), Map.of());

    /** Keeps copies. */
    public CsvFormat {
        categories = Collections.unmodifiableSet(new LinkedHashSet<>(categories));
        fills = Collections.unmodifiableMap(new LinkedHashMap<>(fills));
    }

    /** The same with numbers of a dtype; F64 holds integers up to 2^53. */
    public CsvFormat dtype(DType dtype) {
        return new CsvFormat(dtype, categories, fills);
    }

    /** The same with further columns of text. */
    public CsvFormat categories(String... columns) {
        Set<String> all = new LinkedHashSet<>(categories);
        all.addAll(List.of(columns));
        return new CsvFormat(dtype, all, fills);
    }

    /** The same with a way to fill the missing numbers of some columns. */
    public CsvFormat fill(Fill fill, String... columns) {
        Map<String, Fill> all = new LinkedHashMap<>(fills);
        for (String column : columns)
            all.put(column, fill);
        return new CsvFormat(dtype, categories, all);
    }
}
