package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
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
        Batch batch = Dataset.of(csv.without("label").div(255), csv.labels("label")).take(1, 0);
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
        assertRefused("a,b\n1,\n", "a.csv, line 2, column b", "\"\" is not a number");
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
        assertSays(assertThrows(IllegalArgumentException.class, () -> csv.labels("b")), "row 1 of column b", "2.5");
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
}
