package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static autograd.nn.io.Golden.assertNumbers;
import static autograd.nn.io.Golden.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class NpzTest {
    /** Flips every n-th bit, so that over time every bit of a byte is flipped. */
    private static final int STEP = 11;

    @TempDir
    private Path folder;

    @Test
    void anArrayHasTheBytesThatNumpyWrites() throws IOException {
        Path file = folder.resolve("a.npy");
        Npy.write(file, Golden.MATRIX);
        assertArrayEquals(Golden.bytes("reference.npy"), Files.readAllBytes(file));
        Npy.write(file, Tensor.scalar(DType.F64, 0.1));
        assertArrayEquals(Golden.bytes("scalar.npy"), Files.readAllBytes(file));
        assertSame(Golden.MATRIX, Npy.read(Golden.path("reference.npy")));
        assertSame(Tensor.scalar(DType.F64, 0.1), Npy.read(file));
    }

    /** Of any shape, also where the header needs no padding. */
    @Test
    void headersHaveTheBytesThatNumpyWrites() {
        List<String> lines = new String(Golden.bytes("npy-headers.txt"), StandardCharsets.US_ASCII).lines().skip(1)
                .toList();
        assertTrue(lines.size() > 30);
        for (String line : lines) {
            String[] parts = line.split("\t");
            int[] dims = Arrays.stream(parts[0].split(" ")).filter(d -> !d.isEmpty()).mapToInt(Integer::parseInt)
                    .toArray();
            assertEquals(parts[2], HexFormat.of().formatHex(NpyHeader.of(Tensor.zeros(DType.valueOf(parts[1]), dims))),
                    parts[0]);
        }
    }

    @Test
    void readsFilesOfNumPy() {
        var reference = Npz.read(Golden.path("reference.npz"));
        assertEquals(List.of("weight", "bias"), List.copyOf(reference.keySet()));
        assertSame(Golden.MATRIX, reference.get("weight"));
        assertSame(Golden.VECTOR, reference.get("bias"));
        SafeTensorsTest.assertTypes(Npz.read(Golden.path("types.npz")));
        var compressed = Npz.read(Golden.path("compressed.npz"));
        assertSame(Tensor.zeros(100, 100), compressed.get("zeros"));
        assertSame(Golden.MATRIX, compressed.get("a/b"));
    }

    @Test
    void bothOrdersOfBytesAndOfIndicesAreRead() {
        var orders = Npz.read(Golden.path("orders.npz"));
        for (String name : List.of("c", "f", "big"))
            assertNumbers(orders.get(name), DType.F64, Shape.of(2, 3), 0, 1, 2, 3, 4, 5);
        assertSame(Tensor.scalar(7), orders.get("scalar"));
        assertSame(Tensor.zeros(0, 3), orders.get("empty"));
    }

    /**
     * NumPy wrote 0 .. 5, less 3 where the type has a sign, over 4 where it has fractions, in all ways it can.
     */
    @Test
    void everyTypeIsReadInBothOrders() {
        var all = Npz.read(Golden.path("matrix.npz"));
        assertEquals(12 * 4, all.size());
        all.forEach((name, x) -> {
            double[] expected = name.startsWith("b1") ? new double[]{0, 1, 0, 1, 1, 0} : new double[]{0, 1, 2, 3, 4, 5};
            for (int i = 0; i < 6; i++)
                if (name.startsWith("f"))
                    expected[i] /= 4;
                else if (name.startsWith("i"))
                    expected[i] -= 3;
            boolean wide = name.matches("[iuf]8.*|[iu]4.*");
            assertNumbers(x, wide ? DType.F64 : DType.F32, Shape.of(2, 3), expected);
        });
    }

    @Test
    void comesBackInItsOrderAndTheSameBytes() throws IOException {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("z/\u00e9\uD83D\uDE00", Tensor.randn(new Rng(1), 101, 307).transpose());
        tensors.put(" ", Golden.VECTOR);
        tensors.put("a.npy", Tensor.zeros(2, 0));
        Path file = folder.resolve("b/a.npz"), again = folder.resolve("c.npz");
        Npz.write(file, tensors);
        var read = Npz.read(file);
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.keySet()));
        tensors.forEach((name, x) -> assertSame(x, read.get(name)));
        Npz.write(again, read);
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
    }

    @Test
    void headersInOtherWordsAreRead() {
        for (String header : List.of("{'shape': (2,), 'fortran_order': False, 'descr': '|u1'}",
                "{\"descr\":\"<u1\",\"fortran_order\":True,\"shape\":( 2L , ) , } \n"))
            for (int version = 1; version <= 3; version++)
                assertNumbers(readNpy(npy(version, header, 3, 4)), DType.F32, Shape.of(2), 3, 4);
    }

    /** As NumPy's own reader takes them. */
    @Test
    void withoutALetterForItTheOrderIsThatOfTheMachine() {
        int last = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 1 : 0;
        int[] two = new int[4];
        two[1 - last] = 1;
        two[3 - last] = 2;
        for (String descr : List.of("=i2", "i2", "|i2",
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "<i2" : ">i2"))
            assertNumbers(readNpy(npy(1, "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,)}", two)),
                    DType.F32, Shape.of(2), 1, 2);
    }

    @Test
    void moreAxesThanCanBeReadAreNotWritten() {
        int[] dims = new int[65];
        Arrays.fill(dims, 1);
        Tensor most = Tensor.zeros(Arrays.copyOf(dims, 64)), tooMany = Tensor.zeros(dims);
        Path npy = folder.resolve("a.npy"), npz = folder.resolve("a.npz"), safe = folder.resolve("a.safetensors");
        Npy.write(npy, most);
        Npz.write(npz, Map.of("x", most));
        SafeTensors.write(safe, Map.of("x", most));
        for (Tensor read : List.of(Npy.read(npy), Npz.read(npz).get("x"), SafeTensors.read(safe).get("x")))
            assertEquals(most.shape(), read.shape());
        for (var e : List.of(assertThrows(IllegalArgumentException.class, () -> Npy.write(npy, tooMany)),
                assertThrows(IllegalArgumentException.class, () -> Npz.write(npz, Map.of("x", tooMany))),
                assertThrows(IllegalArgumentException.class, () -> SafeTensors.write(safe, Map.of("x", tooMany)))))
            assertSays(e, folder.toString(), "65 axes", "64");
        assertEquals(most.shape(), Npy.read(npy).shape());
    }

    @Test
    void foldersArePassedOverAndOtherMembersRefused() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            put(zip, "layer/", new byte[0]);
            put(zip, "layer/w.npy", Golden.bytes("reference.npy"));
        }
        Path file = Files.write(folder.resolve("a.npz"), out.toByteArray());
        assertEquals(List.of("layer/w"), List.copyOf(Npz.read(file).keySet()));
        assertRefused(file, zip("readme", new byte[3]), "a.npz: readme is not a .npy file");
        assertRefused(file, zip(".npy", Golden.bytes("reference.npy")), "a.npz", "at least one character");
        assertRefused(file, zip("a\0b.npy", Golden.bytes("reference.npy")), "a.npz", "character 0");
    }

    @Test
    void namesThatCannotBeReadBackAreNotWritten() {
        Path file = folder.resolve("a.npz");
        for (String name : List.of("", "a\0b"))
            assertSays(assertThrows(IllegalArgumentException.class, () -> Npz.write(file, Map.of(name, Golden.VECTOR))),
                    file.toString(), "at least one character", "character 0");
        assertFalse(Files.exists(file));
    }

    @Test
    void malformedHeadersAreRefused() {
        for (String header : List.of("", "{", "{}", "}", "{'descr': '|u1', 'fortran_order': False}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)",
                "{'shape': (2,), 'shape': (2,), 'descr': '|u1'}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': ()}",
                "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}",
                "{'descr': (), 'fortran_order': False, 'shape': (2,)}",
                "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (2,)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (2)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (,)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (1,,2)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2,)}",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999999999999,)}"))
            assertSays(refusedNpy(npy(1, header, 3, 4)), "file does not hold a plain array", "its header is");
        for (String descr : List.of("<u2x", "u3", "!u2", "|O", "<U3", "<c8", "<f16", "|V2", "<bfloat16"))
            assertSays(refusedNpy(npy(1, "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,)}", 3, 4)),
                    "dtype " + descr, "astype");
        assertSays(refusedNpy(npy(1, shaped("3,"), 3, 4)), "should have", "U8 [3]", "truncated");
        assertSays(refusedNpy(npy(1, shaped("1,"), 3, 4)), "should have", "too long");
        assertSays(refusedNpy(npy(1, shaped("9999999999, 2"), 3, 4)), "2^31 - 1");
        assertSays(refusedNpy(npy(1, shaped("2147483647, 2147483647"), 3, 4)), "2^31 - 1");
        assertSays(refusedNpy(npy(1, shaped("1, ".repeat(65)), 3, 4)), "65 axes");
        assertSays(refusedNpy(npy(4, shaped("2,"), 3, 4)), "version 4.0");
        assertSays(refusedNpy(Golden.bytes("objects.npy")), "|O");
        assertSays(refusedNpy("PK".repeat(100).getBytes()), "not an array of NumPy");
        byte[] whole = Golden.bytes("reference.npy");
        for (int length = 0; length < whole.length; length++)
            assertSays(refusedNpy(Arrays.copyOf(whole, length)), "truncated");
    }

    private static String shaped(String dims) {
        return "{'descr': '|u1', 'fortran_order': False, 'shape': (" + dims + ")}";
    }

    @Test
    void aFlippedBitIsNoticedOrHarmless() throws IOException {
        byte[] whole = Golden.bytes("reference.npz");
        int noticed = 0;
        for (int bit = 0; bit < 8 * whole.length; bit += STEP) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Path file = Files.write(folder.resolve("flipped.npz"), flipped);
            try {
                Npz.read(file).values()
                        .forEach(x -> assertSame(x.shape().rank() == 2 ? Golden.MATRIX : Golden.VECTOR, x));
            } catch (IllegalArgumentException e) {
                assertSays(e, file.toString());
                noticed++;
            }
            Files.delete(file); // to be written over costs a file system more
        }
        int numbers = 8 * (6 * 4 + 2 * 8) / STEP - 2;
        assertFalse(noticed < numbers, () -> "fewer than " + numbers + " were noticed");
    }

    @Test
    void zipBombsAreRefused() throws IOException {
        byte[] zeros = npy(1, shaped("100000,"), new byte[100_000]);
        Path file = folder.resolve("bomb.npz");
        byte[] zip = zip("a.npy", zeros);
        assertEquals(100_000, Npz.read(Files.write(file, zip)).get("a").size());

        assertRefused(file, zip("a.npy", npy(1, shaped("10,"), new byte[100_000])), "should have", "too long");
        assertRefused(file, zip("a.npy", npy(1, shaped("2000000000,"), new byte[100_000])), "should have");
        int length = central(zip) + 24; // of the entry, uncompressed, in the directory
        assertRefused(file, patch(zip, length, 2_000_000_000), "a.npy", "zip bomb");
        assertRefused(file, patch(zip, length, 90_000), "a.npy", "should have");
        assertRefused(file, patch(zip, length, -1), "bomb.npz");
        patch(zip, length, zeros.length);
        assertRefused(file, patch(zip, central(zip) + 16, 12345), "check sum");
        assertRefused(file, zip("a.txt", zeros), "a.txt is not a .npy file");
        assertRefused(file, new byte[0], "not an npz file");
    }

    /** One entry, announced many times in the directory. */
    @Test
    void entriesThatShareBytesAreRefused() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (int i = 0; i < 9; i++)
                put(zip, i + ".npy", npy(1, shaped("1000,"), new byte[1000]));
        }
        byte[] zip = out.toByteArray();
        Path file = folder.resolve("shared.npz");
        assertEquals(9, Npz.read(Files.write(file, zip)).size());
        int size = 46 + 5;
        for (int i = 1; i < 9; i++)
            patch(zip, central(zip) + i * size + 20, ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN)
                    .getInt(central(zip) + 20) + i * 100);
        assertRefused(file, zip, "shared.npz", "damaged");
    }

    @Test
    void filesThatCannotBeReadOrWrittenAreNamed() {
        Path none = folder.resolve("none.npz");
        assertSays(assertThrows(UncheckedIOException.class, () -> Npz.read(none)), none.toString(), "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> Npy.read(none)), none.toString(), "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> Npy.write(folder, Golden.VECTOR)), folder.toString());
        var tooLong = new LinkedHashMap<String, Tensor>();
        tooLong.put("a".repeat(70_000), Golden.VECTOR);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Npz.write(none, tooLong)), none.toString());
        assertFalse(Files.exists(none));
    }

    private static void assertRefused(Path file, byte[] zip, String... parts) throws IOException {
        Files.write(file, zip);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Npz.read(file)), parts);
    }

    static byte[] npy(int version, String header, int... data) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++)
            bytes[i] = (byte) data[i];
        return npy(version, header, bytes);
    }

    static byte[] npy(int version, String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        var file = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93)
                .put("NUMPY".getBytes()).put((byte) version).put((byte) 0);
        file = version == 1 ? file.putShort((short) text.length) : file.putInt(text.length);
        file.put(text).put(data);
        return Arrays.copyOf(file.array(), file.position());
    }

    static byte[] zip(String name, byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            put(zip, name, content);
        }
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /** The position of the directory of a zip. */
    private static int central(byte[] zip) {
        return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
    }

    private static byte[] patch(byte[] bytes, int at, int number) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
        return bytes;
    }

    private static Tensor readNpy(byte[] file) {
        try {
            return Npy.read(new ByteArrayInputStream(file), file.length, "file");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static IllegalArgumentException refusedNpy(byte[] file) {
        return assertThrows(IllegalArgumentException.class, () -> readNpy(file));
    }
}
