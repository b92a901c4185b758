package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class CsvTest {
    private static Csv read(String text, String... categories) {
        return Csv.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "a.csv", categories);
    }

    @Test
    void readsNumbersByColumn() {
        Csv csv = read("label,pixel0,pixel1\n7,0,255\n1,-1.5,2e3\n");
        assertEquals(List.of("label", "pixel0", "pixel1"), csv.columns());
        assertEquals(Shape.of(2, 3), csv.values().shape());
        assertEquals(IntTensor.of(7, 1), csv.labels("label"));
        assertArrayEquals(new double[]{0, 255, -1.5, 2000}, csv.without("label").toDoubleArray());
        assertArrayEquals(new double[]{255, 2000}, csv.column("pixel1").toDoubleArray());
        assertArrayEquals(new double[]{255, 0, 2000, -1.5}, csv.columns("pixel1", "pixel0").toDoubleArray());
    }

    /** As Kaggle's digits come: a label, then the pixels. */
    @Test
    void becomesADataset() {
        Csv csv = read("label,pixel0,pixel1\n7,0,255\n1,51,102\n");
        Batch<Tensor, IntTensor> batch = Dataset.of(csv.without("label").div(255), csv.labels("label")).batch(1, 0);
        assertArrayEquals(new double[]{0.2, 0.4, 0, 1}, batch.x().toDoubleArray(), 1e-7);
        assertEquals(IntTensor.of(1, 7), batch.y());
    }

    @Test
    void numbersCategoriesByAppearance() {
        Csv csv = read("size,species\n1,\"setosa, red\"\n2,virginica\n3,\"setosa, red\"\n", "species");
        assertEquals(IntTensor.of(0, 1, 0), csv.labels("species"));
        assertEquals(List.of("setosa, red", "virginica"), csv.categories().get("species"));
        assertArrayEquals(new double[]{1, 2, 3}, csv.without("species").toDoubleArray());
    }

    /** Spaces are part of a field. */
    @Test
    void textsThatDifferBySpacesAreTwoCategories() {
        assertEquals(IntTensor.of(0, 1, 2, 0), read("c,n\na,1\n a,2\na ,3\na,4\n", "c").labels("c"));
    }

    @Test
    void readsWindowsLinesEmptyOnesAndAByteOrderMark() {
        Csv csv = read("\uFEFFa,\"b\"\"c\"\r\n1,2\r\n\r\n3,4");
        assertEquals(List.of("a", "b\"c"), csv.columns());
        assertArrayEquals(new double[]{1, 2, 3, 4}, csv.values().toDoubleArray());
        assertEquals(Shape.of(0, 2), read("a,b\n").values().shape());
    }

    @Test
    void namesFileLineAndColumn() {
        assertRefused("a,b\n1,2\n3,x\n", "a.csv, line 3, column b", "\"x\" is not a number");
        assertRefused("a,b\n1,2\n\n3\n", "a.csv, line 4", "1 fields", "2 columns");
        assertRefused("a,b\n1,2,3\n", "a.csv, line 2", "3 fields", "2 columns");
        assertRefused("a,a\n1,2\n", "a.csv", "twice", "[a, a]");
        assertRefused("", "a.csv is empty");
        assertRefused("a,\"b\n1,2\n", "a.csv");
    }

    private static void assertRefused(String text, String... parts) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> read(text)), parts);
    }

    @Test
    void namesAColumnThatIsNotThereOrHoldsNoLabels() {
        Csv csv = read("a,b\n1,2.5\n");
        assertSays(assertThrows(IllegalArgumentException.class, () -> csv.column("c")), "a.csv", "column c", "[a, b]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> csv.without("c")), "column c");
        assertSays(assertThrows(IllegalArgumentException.class, () -> read("a\n1\n", "c")), "column c", "[a]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> csv.labels("b")), "line 2, column b", "2.5");
    }

    @Test
    void readsAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("b.csv"), "a\n1\n");
        assertEquals(1, Csv.read(file).values().item());
        Files.writeString(file, "a\nx\n");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Csv.read(file)), file + ", line 2, column a");
        assertSays(assertThrows(UncheckedIOException.class, () -> Csv.read(folder.resolve("c.csv"))), "c.csv",
                "does not exist");
    }

    private static Csv read(String text, CsvFormat format) {
        return Csv.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "a.csv", format);
    }

    private static void assertRefused(String text, CsvFormat format, String... parts) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> read(text, format)), parts);
    }

    @Test
    void onlyDecimalNumbersAreNumbers() {
        assertArrayEquals(new double[]{1, -1, 1, 0.5, 5, 1500, 0.015f, -0.0},
                read("a\n1\n-1\n+1\n.5\n5.\n1.5e3\n 1.5E-2 \n-0\n").values().toDoubleArray());
        for (String text : List.of("1d", "2f", "0x1p3", "Infinity", "-inf", "1_000", "1e", "e", "-", "1.2.3", "1 2",
                "\u0661", "\uFF11", "true"))
            assertRefused("a,b\n1,2\n3," + text + "\n", "a.csv, line 3, column b", "\"" + text + "\"", "not a number");
    }

    /** Never another number than what stands there. */
    @Test
    void integersAreExactOrRefused() {
        assertArrayEquals(new double[]{1 << 24, (1 << 24) + 2, -(1 << 24)},
                read("id\n16777216\n16777218\n-16777216\n").values().toDoubleArray());
        for (String id : List.of("16777217", "-16777217", "123456789", "16777217.0", "99999999999999999999"))
            assertRefused("id,b\n1,1\n" + id + ",2\n", "a.csv, line 3, column id", id, "rounded", "DType.F64",
                    "categories");
        CsvFormat doubles = CsvFormat.DEFAULT.dtype(DType.F64);
        Csv csv = read("id\n16777217\n9007199254740992\n2147483647\n", doubles);
        assertEquals(DType.F64, csv.values().dtype());
        assertArrayEquals(new double[]{16777217, 9007199254740992.0, 2147483647}, csv.column("id").toDoubleArray());
        assertRefused("id\n9007199254740993\n", doubles, "line 2, column id", "9007199254740993", "rounded");
        assertEquals(IntTensor.of(16777217), read("id\n16777217\n", doubles).labels("id"));
        assertSays(assertThrows(IllegalArgumentException.class, () -> csv.labels("id")), "line 3, column id",
                "32 bits");
        assertArrayEquals(new double[]{0.1f, 123456.789f, 1e30f, 1.5e38f},
                read("a\n0.1\n123456.789\n1e30\n1.5e38\n").values().toDoubleArray());
    }

    @Test
    void numbersBeyondTheDtypeAreRefused() {
        assertRefused("a\n1e39\n", "a.csv, line 2, column a", "1e39", "f32", "DType.F64");
        assertRefused("a,b\n0,0\n0,-1e-60\n", "a.csv, line 3, column b", "-1e-60", "f32", "DType.F64");
        assertArrayEquals(new double[]{0, -0.0, 1e-45f}, read("a\n0e-99\n-0.000\n1e-45\n").values().toDoubleArray());
        assertRefused("a\n-1" + "0".repeat(40) + "\n", "line 2, column a", "f32");
        CsvFormat doubles = CsvFormat.DEFAULT.dtype(DType.F64);
        assertArrayEquals(new double[]{1e39}, read("a\n1e39\n", doubles).values().toDoubleArray());
        assertArrayEquals(new double[]{1e-60}, read("a\n1e-60\n", doubles).values().toDoubleArray());
        assertRefused("a\n1e309\n", doubles, "line 2, column a", "f64");
    }

    @Test
    void bytesOfAnotherCharsetAreRefused() {
        byte[] latin = "n,name\n1,caf\u00e9\n2,caf\u00e8\n".getBytes(StandardCharsets.ISO_8859_1);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Csv.read(new ByteArrayInputStream(latin), "a.csv", "name")), "a.csv, line 2, column name",
                "UTF-8");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Csv.read(new ByteArrayInputStream(latin), "a.csv")), "a.csv, line 2, column name", "UTF-8");
        byte[] header = "n,\u00e9\n1,2\n".getBytes(StandardCharsets.ISO_8859_1);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Csv.read(new ByteArrayInputStream(header), "a.csv")), "a.csv, line 1, column 2", "UTF-8");
        String astral = "n,name\n1,\uD800\uDC00 \uFFFD \uD83D\uDE00\n";
        assertEquals(List.of("\uD800\uDC00 \uFFFD \uD83D\uDE00"), read(astral, "name").categories().get("name"));
    }

    @Test
    void aByteOrderMarkTellsTheCharset() {
        String text = "\uFEFFa,n\n\u00e9,1\n";
        for (var charset : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Csv csv = Csv.read(new ByteArrayInputStream(text.getBytes(charset)), "a.csv", "a");
            assertEquals(List.of("a", "n"), csv.columns());
            assertEquals(List.of("\u00e9"), csv.categories().get("a"));
        }
    }

    /** In a file of one column, an empty line is an empty field. */
    @Test
    void noRowIsDropped() {
        assertEquals(List.of("x", "", "y"), read("c\nx\n\ny\n", "c").categories().get("c"));
        assertEquals(IntTensor.of(0, 1, 0), read("c\nx\n\"\"\nx\n", "c").labels("c"));
        assertRefused("a\n1\n\n2\n", "a.csv, line 3, column a", "missing");
        assertArrayEquals(new double[]{1, 7, 2},
                read("a\n1\n\n2\n", CsvFormat.DEFAULT.fill(Fill.constant(7), "a")).values().toDoubleArray());
    }

    @Test
    void missingNumbersAreRefusedUnlessTheyAreFilled() {
        for (String missing : List.of("", "\"\"", " ", "NA", "n/a", "nan", "NaN", "NULL", "None", "?"))
            assertRefused("a,b\n1,2\n3," + missing + "\n", "a.csv, line 3, column b", "missing", "Fill.MEAN");
        String table = "a,b,c\n1,2,\n2,NA,4\n,10,5\n6,3,9\n";
        Csv csv = read(table, CsvFormat.DEFAULT.fill(Fill.MEAN, "a").fill(Fill.MEDIAN, "b", "c"));
        assertArrayEquals(new double[]{1, 2, 3, 6}, csv.column("a").toDoubleArray());
        assertArrayEquals(new double[]{2, 3, 10, 3}, csv.column("b").toDoubleArray());
        assertArrayEquals(new double[]{5, 4, 5, 9}, csv.column("c").toDoubleArray());
        assertRefused(table, CsvFormat.DEFAULT.fill(Fill.MEAN, "a"), "line 2, column c", "missing");
        assertArrayEquals(new double[]{3, 0},
                read("a\n3\nNA\n", CsvFormat.DEFAULT.fill(numbers -> numbers.length - 1, "a")).values()
                        .toDoubleArray());
        assertArrayEquals(new double[]{4, 2.5, 3, 2, 1},
                read("a\n4\n\n3\n2\n1\n", CsvFormat.DEFAULT.fill(Fill.MEDIAN, "a")).values().toDoubleArray());
    }

    @Test
    void waysToFillThatDoNotFitAreNamed() {
        for (Fill none : List.of(Fill.MEAN, Fill.MEDIAN, Fill.constant(Double.NaN)))
            assertRefused("a,b\n1,\n2,\n", CsvFormat.DEFAULT.fill(none, "b"), "a.csv, column b", "NaN");
        assertRefused("a\n1\n", CsvFormat.DEFAULT.fill(Fill.MEAN, "b"), "a.csv", "no column b", "[a]");
        assertRefused("a\nx\n", CsvFormat.DEFAULT.categories("a").fill(Fill.MEAN, "a"), "column a", "only numbers");
    }

    /** What was learned on one file is right for another. */
    @Test
    void anotherFileIsReadAlike() {
        Csv train = read("label,sex,age\n1,f,20\n0,m,\n1,x,40\n",
                CsvFormat.DEFAULT.categories("sex").fill(Fill.MEAN, "age"));
        Csv test = like(train, "age,sex\n,x\n,m\n50,f\n");
        assertEquals(List.of("age", "sex"), test.columns());
        assertEquals(IntTensor.of(2, 1, 0), test.labels("sex"));
        assertArrayEquals(new double[]{30, 30, 50}, test.column("age").toDoubleArray());
        assertEquals(train.categories(), test.categories());
        assertArrayEquals(new double[]{30}, like(test, "age\n?\n").values().toDoubleArray());
        assertSays(assertThrows(IllegalArgumentException.class, () -> like(train, "sex\nm\ny\n")), "b.csv, line 3",
                "column sex", "\"y\"", "a.csv", "[f, m, x]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> like(train, "sex,other\nm,1\n")), "b.csv",
                "other", "a.csv");
        assertSays(assertThrows(IllegalArgumentException.class, () -> like(train, "label\nNA\n")), "b.csv, line 2",
                "column label", "missing");
    }

    private static Csv like(Csv train, String text) {
        return train.like(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "b.csv");
    }

    @Test
    void categoriesBecomeColumnsOfFeatures() {
        Csv csv = read("y,c,a\n1,u,0.5\n0,v,2\n1,u,3\n", "c");
        assertEquals(Shape.of(3, 3), csv.features("a", "c").shape());
        assertArrayEquals(new double[]{0.5, 1, 0, 2, 0, 1, 3, 1, 0}, csv.features("a", "c").toDoubleArray());
        assertArrayEquals(csv.features("c", "a").toDoubleArray(), csv.featuresWithout("y").toDoubleArray());
        assertArrayEquals(new double[]{0, 0.5, 1, 2, 0, 3}, csv.columns("c", "a").toDoubleArray());
        assertSays(assertThrows(IllegalArgumentException.class, csv::features), "a.csv", "[y, c, a]");
    }

    @Test
    void machineErrorsAreNotReportedAsFileErrors() {
        var e = new OutOfMemoryError("no room");
        var in = new InputStream() {
            @Override
            public int read() { throw e; }
        };
        assertSame(e, assertThrows(OutOfMemoryError.class, () -> Csv.read(in, "a.csv")));
    }
}
