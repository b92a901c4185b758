package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Shape;
import autograd.nn.Trainable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The limits of files: the last one that is read, and the first that is refused, with what the message says.
 */
class FileLimitsTest {
    private static final long HALF = Runtime.getRuntime().maxMemory() / 2;

    @TempDir
    private Path folder;

    @Test
    void anArrayTakesAtMostHalfOfTheMemory() {
        assertDoesNotThrow(() -> Stored.demandMemory(HALF, "it"));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Stored.demandMemory(HALF + 1, "it")), "it",
                "" + (HALF + 1), "" + HALF, "-Xmx");
        assertEquals(12, Stored.F32.memory(Shape.of(3)));
        assertEquals(12, Stored.F16.memory(Shape.of(3)));
        assertEquals(24, Stored.F64.memory(Shape.of(3)));
    }

    /** Files that are all holes take no room on the disk. */
    @Test
    void soDoesWhatAFileHolds() throws IOException {
        int size = Math.toIntExact(HALF / 8 + 1);
        Path npy = folder.resolve("large.npy"), tensors = folder.resolve("large.safetensors");
        withHoles(npy, NpyHeader.of(Stored.F64, Shape.of(size)), 8L * size);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Npy.read(npy)), npy.toString(), "-Xmx");
        long most = 8L * size, part = 8L * (size / 2 + 1);
        withHoles(tensors, safeTensors("{\"a\":" + f64(most / 8, 0) + ",\"b\":" + f64(1, most) + "}"), most + 8);
        try (var open = SafeTensors.open(tensors)) {
            assertSays(assertThrows(IllegalArgumentException.class, () -> open.tensor("a")), "tensor a", "-Xmx");
            assertEquals(0, open.tensor("b").item());
        }
        withHoles(tensors, safeTensors("{\"a\":" + f64(part / 8, 0) + ",\"b\":" + f64(part / 8, part) + "}"), 2 * part);
        try (var open = SafeTensors.open(tensors)) { // each alone would be read
            assertSays(assertThrows(IllegalArgumentException.class, open::tensors), tensors.toString(), "-Xmx",
                    "" + 2 * part);
        }
    }

    private static String f64(long size, long begin) {
        return "{\"dtype\":\"F64\",\"shape\":[" + size + "],\"data_offsets\":[" + begin + "," + (begin + 8 * size)
                + "]}";
    }

    private static byte[] safeTensors(String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text)
                .array();
    }

    private static void withHoles(Path file, byte[] header, long length) throws IOException {
        Files.write(file, header);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(header.length + length);
        }
    }

    @Test
    void anExtentIsBelowTwoToThe31() {
        assertEquals(Shape.of(Integer.MAX_VALUE, 0), Stored.shape(List.of((long) Integer.MAX_VALUE, 0L), "it"));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Stored.shape(List.of(1L << 31, 0L), "it")), "it",
                "2147483648");
    }

    @Test
    void aHeaderOfNumPyHasAtMost65535Bytes() throws IOException {
        String dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }";
        for (int length : new int[]{0xFFFF, 0x10000}) {
            var out = new ByteArrayOutputStream();
            out.write(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0});
            out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
            out.write((dict + " ".repeat(length - dict.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
            var in = new ByteArrayInputStream(out.toByteArray());
            if (length == 0xFFFF)
                assertEquals(Shape.of(), NpyHeader.read(in, "it").shape());
            else
                assertSays(assertThrows(IllegalArgumentException.class, () -> NpyHeader.read(in, "it")), "it", "65536",
                        "65535");
        }
    }

    /** In the order of their bytes; one without any comes before or after one that begins or ends there. */
    @Test
    void tensorsWithoutElementsMayStandAnywhere() throws IOException {
        Path file = folder.resolve("empty.safetensors");
        String entry = "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
        String json = "{" + String.join(",", entry.formatted("end", 0, 8, 8), entry.formatted("all", 2, 0, 8),
                entry.formatted("begin", 0, 0, 0)) + "}";
        withHoles(file, safeTensors(json), 8);
        assertEquals(List.of(0, 2, 0), SafeTensors.read(file).sequencedValues().stream().map(Tensor::size).toList());
    }

    @Test
    void aClosedFileIsNotRead() {
        Path file = folder.resolve("closed.safetensors");
        SafeTensors.write(file, Map.of("a", Tensor.ones(2)));
        SafeTensors open = SafeTensors.open(file);
        open.close();
        assertThrows(UncheckedIOException.class, () -> open.tensor("a"));
    }

    /** Three axes are turned round; with two any mistake would be the same. */
    @Test
    void anArrayInTheOrderOfFortranHasItsAxesTurned() throws IOException {
        String dict = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }";
        byte[] text = (dict + " ".repeat(117 - dict.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + 24 * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[]{(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length).put(text);
        for (int i = 0; i < 24; i++)
            bytes.putFloat(i);
        Path file = folder.resolve("fortran.npy");
        Files.write(file, bytes.array());
        assertEquals(Shape.of(2, 3, 4), Npy.read(file).shape());
        double[] expected = IntStream.range(0, 24).mapToDouble(i -> i / 12 + 2 * (i / 4 % 3) + 6 * (i % 4)).toArray();
        assertArrayEquals(expected, Npy.read(file).toDoubleArray());
    }

    @Test
    void aNumberThatIsNotReadIsNamed() throws IOException {
        for (var type : Map.of("I64", -5_000_000_000L, "U64", Long.MIN_VALUE).entrySet()) {
            Path file = folder.resolve(type.getKey());
            byte[] header = safeTensors("{\"a\":" + f64(1, 0).replace("F64", type.getKey()) + "}");
            Files.write(file, ByteBuffer.allocate(header.length + 8).order(ByteOrder.LITTLE_ENDIAN).put(header)
                    .putLong(type.getValue()).array());
            try (var open = SafeTensors.open(file)) {
                assertSays(assertThrows(IllegalArgumentException.class, () -> open.intTensor("a")), type.getKey(),
                        type.getKey().equals("U64") ? "9223372036854775808" : "-5000000000");
            }
        }
    }

    /** The same bytes whenever it is written, and stored, so that other programs can map the file. */
    @Test
    void anEntryOfAnArchiveIsStoredWithoutItsTime() throws IOException {
        Path file = folder.resolve("a.npz");
        Npz.write(file, Map.of("a", Tensor.ones(2)));
        try (var zip = new ZipFile(file.toFile())) {
            ZipEntry entry = Collections.list(zip.entries()).getFirst();
            assertEquals(ZipEntry.STORED, entry.getMethod());
            assertEquals(1980, entry.getTimeLocal().getYear());
        }
        for (String name : new String[]{"\0a", "a\0", ""})
            assertSays(
                    assertThrows(IllegalArgumentException.class, () -> Npz.write(file, Map.of(name, Tensor.ones(2)))),
                    "character 0");
    }

    private record Model(List<Variable> v) implements Trainable {
        static Model of(int count) {
            return new Model(IntStream.range(0, count).mapToObj(_ -> new Variable(Tensor.zeros(1))).toList());
        }
    }

    @Test
    void aMessageListsTenNames() {
        Path file = folder.resolve("none.safetensors");
        SafeTensors.write(file, new LinkedHashMap<>());
        for (int count : new int[]{10, 11}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> Weights.load(file, Model.of(count)));
            assertSays(e, "v.0", "v.9");
            assertEquals(count == 11, e.getMessage().contains("and 1 more"), e::getMessage);
            assertFalse(e.getMessage().contains("v.10"), e::getMessage);
        }
    }

    @Test
    void whatTheMappingDoesNotIgnoreIsUnexpected() {
        Path file = folder.resolve("more.safetensors");
        SafeTensors.write(file, Map.of("v.0", Tensor.ones(1), "left.out", Tensor.ones(1), "other", Tensor.ones(1)));
        Mapping mapping = Mapping.same().ignore("left.*");
        Exception e = assertThrows(IllegalArgumentException.class, () -> Weights.load(file, Model.of(1), mapping));
        assertSays(e, "other");
        assertFalse(e.getMessage().contains("left.out"), e::getMessage);
    }

    @Test
    void onlyVariablesWithTheAxisAreConcatenated() {
        assertEquals(Shape.of(), Link.of("f", "a").inFile(List.of(Shape.of())), "one variable is not concatenated");
        Link link = new Link(List.of("f"), List.of("a", "b"), 1, List.of(), false);
        assertEquals(Shape.of(2, 5), link.inFile(List.of(Shape.of(2, 3), Shape.of(2, 2))));
        for (var shapes : List.of(List.of(Shape.of(3), Shape.of(3)), List.of(Shape.of(2, 3), Shape.of(3, 3))))
            assertTrue(assertThrows(IllegalArgumentException.class, () -> link.inFile(shapes)).getMessage()
                    .contains("axis 1"));
    }
}
