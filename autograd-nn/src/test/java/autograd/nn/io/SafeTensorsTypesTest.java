package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static autograd.nn.io.Golden.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Tensors written in other types than their own. */
class SafeTensorsTypesTest {
    @TempDir
    private Path folder;

    private int[] written(Tensor x, FloatType type) throws IOException {
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, Map.of("x", x), Map.of(), type);
        byte[] bytes = Files.readAllBytes(file);
        var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(bytes.length - 2 * x.size());
        int[] bits = new int[x.size()];
        for (int i = 0; i < bits.length; i++)
            bits[i] = numbers.getShort() & 0xFFFF;
        return bits;
    }

    /**
     * NumPy rounds to F16; BF16 was computed by fractions. Ties, their neighbours and subnormals are among them.
     */
    @Test
    void halvesAreTheNearestNumbers() throws IOException {
        var fixture = Npz.read(Golden.path("halves.npz"));
        assertBits(fixture.get("f16"), written(fixture.get("x"), FloatType.F16));
        assertBits(fixture.get("ybf16"), written(fixture.get("y"), FloatType.BF16));
        Tensor singles = fixture.get("x").to(DType.F32).minimum(65504).maximum(-65504);
        double[] doubles = singles.toDoubleArray(); // the same numbers
        for (FloatType type : List.of(FloatType.F16, FloatType.BF16))
            assertArrayEquals(written(Tensor.of(DType.F64, doubles), type), written(singles, type));
    }

    private static void assertBits(Tensor expected, int[] bits) {
        double[] numbers = expected.toDoubleArray();
        for (int i = 0; i < bits.length; i++) {
            int want = (int) numbers[i], at = i;
            boolean nan = (want & 0x7C00) == 0x7C00 && (want & 0x3FF) != 0 && (want & 0x7FFF) == 0x7E00
                    || want == 0x7FC0;
            if (!nan)
                assertEquals(want, bits[i], () -> "number " + at);
        }
    }

    @Test
    void everyTypeComesBack() {
        Path file = folder.resolve("x.safetensors");
        Tensor x = Tensor.of(1.5, -0.25, 0, Double.POSITIVE_INFINITY, Double.NaN), y = x.to(DType.F64);
        for (FloatType type : FloatType.values()) {
            SafeTensors.write(file, Map.of("x", x, "y", y), Map.of("a", "b"), type);
            try (var open = SafeTensors.open(file)) {
                for (String name : List.of("x", "y")) {
                    assertEquals(type.name(), open.dtype(name));
                    assertSame(type == FloatType.F64 ? y : x, open.tensor(name));
                }
                assertEquals(Map.of("a", "b"), open.metadata());
            }
        }
    }

    @Test
    void finiteNumbersDoNotBecomeInfinite() {
        Path file = folder.resolve("x.safetensors");
        Map<FloatType, double[]> beyond = Map.of(FloatType.F16, new double[]{65520, -1e10}, FloatType.BF16,
                new double[]{3.4e38, 1e200}, FloatType.F32, new double[]{1e39, -1e300});
        beyond.forEach((type, numbers) -> {
            for (double number : numbers)
                assertSays(assertThrows(IllegalArgumentException.class, () -> SafeTensors.write(file,
                        Map.of("x", Tensor.of(DType.F64, 1, number)), Map.of(), type)), file.toString(), "tensor x",
                        "" + number, type.name());
        });
        assertFalse(Files.exists(file));
    }

    @Test
    void integersAndTruthValuesAreWritten() {
        Path file = folder.resolve("x.safetensors");
        var random = new Random(1);
        int[] numbers = random.ints(20_000).toArray();
        numbers[0] = Integer.MIN_VALUE;
        numbers[1] = Integer.MAX_VALUE;
        boolean[] truths = new boolean[numbers.length];
        for (int i = 0; i < truths.length; i++)
            truths[i] = numbers[i] > 0;
        var all = new LinkedHashMap<String, Object>();
        all.put("ids", IntTensor.of(numbers, 200, 100));
        all.put("mask", Mask.of(truths, 100, 200));
        all.put("x", Tensor.of(1, 2));
        SafeTensors.write(file, all);
        try (var open = SafeTensors.open(file)) {
            assertEquals("I64", open.dtype("ids"));
            assertEquals("BOOL", open.dtype("mask"));
            assertEquals(all.get("ids"), open.intTensor("ids"));
            assertEquals(all.get("mask"), open.mask("mask"));
            assertSame(Tensor.of(1, 2), open.tensor("x"));
        }
        assertSays(assertThrows(IllegalArgumentException.class, () -> SafeTensors.write(file, Map.of("x", 1.5))),
                file.toString(), "tensor x", "Double");
    }

    // ---- models in several files

    private Path index(String... entries) throws IOException {
        String text = "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {" + String.join(", ",
                Arrays.stream(entries).map(e -> "\"" + e.replace("=", "\": \"") + "\"").toList()) + "}}";
        return Files.writeString(folder.resolve("model.safetensors.index.json"), text);
    }

    @Test
    void aModelInSeveralFilesIsReadByItsIndex() throws IOException {
        SafeTensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(1, 2)), Map.of("format", "pt"));
        SafeTensors.write(folder.resolve("2.safetensors"), Map.of("b", Tensor.of(3), "c", Tensor.of(4, 5)),
                Map.of("format", "pt"), FloatType.BF16);
        Path index = index("b=2.safetensors", "a=1.safetensors", "c=2.safetensors");
        try (var open = SafeTensors.open(index)) {
            assertEquals(Set.of("a", "b", "c"), Set.copyOf(open.names()));
            assertEquals(Map.of("format", "pt"), open.metadata());
            assertEquals("BF16", open.dtype("c"));
            assertSame(Tensor.of(4, 5), open.tensor("c"));
            assertSame(Tensor.of(1, 2), open.tensor("a"));
        }
        assertEquals(3, SafeTensors.read(index).size());
    }

    @Test
    void indexesThatDoNotFitAreRefused() throws IOException {
        SafeTensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(1)));
        SafeTensors.write(folder.resolve("2.safetensors"), Map.of("b", Tensor.of(2)));
        SafeTensors.write(folder.resolve("3.safetensors"), Map.of("b", Tensor.of(2)));
        assertRefused(index("a=1.safetensors", "b=1.safetensors"), "tensor b", "1.safetensors", "does not have it");
        assertRefused(index("a=2.safetensors", "b=1.safetensors"), "tensor a", "2.safetensors", "1.safetensors");
        assertRefused(index("a=1.safetensors", "b=2.safetensors", "c=3.safetensors"), "tensor b", "two files");
        SafeTensors.write(folder.resolve("1.safetensors"), Map.of("a", Tensor.of(1), "more", Tensor.of(1)));
        assertRefused(index("a=1.safetensors"), "more", "1.safetensors", "does not name");
        for (String outside : List.of("../1.safetensors", "/etc/passwd", "..", ".", "", "a\\\\b", "C:x"))
            assertRefused(index("a=" + outside), "weight_map", "same folder");
        Path index = folder.resolve("model.safetensors.index.json");
        for (String text : List.of("", "[]", "{}", "{\"weight_map\": 1}", "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {}, \"weight_map\": {}}", "{\"weight_map\": {\"a\": \"1\", \"a\": \"1\"}}",
                "{\"weight_map\": {}} x", "{\"weight_map\": {"))
            assertRefused(Files.writeString(index, text), "index.json");
        assertSays(assertThrows(UncheckedIOException.class, () -> SafeTensors.open(index("a=4.safetensors"))),
                "4.safetensors", "does not exist");
    }

    private static void assertRefused(Path index, String... parts) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> SafeTensors.open(index)), parts);
    }
}
