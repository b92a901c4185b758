package autograd.nn.io;

import static autograd.nn.Message.assertSays;
import static autograd.nn.io.Golden.assertNumbers;
import static autograd.nn.io.Golden.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

class SafeTensorsTest {
    private static final String ODD = "a \"quoted\"\\\n\u0001\u00e9\uD83D\uDE00\uFFFF";
    private static final Map<String, Tensor> REFERENCE = Map.of("out.weight", Golden.MATRIX, "hidden.bias",
            Golden.VECTOR, ODD, Tensor.scalar(1.5), "none", Tensor.zeros(2, 0), "b", Tensor.zeros(DType.F64, 0));

    @TempDir
    private Path folder;

    @Test
    void writesTheBytesOfTheFormatsOwnLibrary() throws IOException {
        Path file = folder.resolve("a/b.safetensors");
        SafeTensors.write(file, REFERENCE, Map.of("note", "\u00fc \"x\"\t"));
        assertArrayEquals(Golden.bytes("reference.safetensors"), Files.readAllBytes(file));
        SafeTensors.write(file, Map.of());
        assertArrayEquals(Golden.bytes("empty.safetensors"), Files.readAllBytes(file));
    }

    @Test
    void readsFilesOfTheFormatsOwnLibrary() {
        var tensors = SafeTensors.read(Golden.path("reference.safetensors"));
        assertEquals(List.of("b", "hidden.bias", ODD, "none", "out.weight"), List.copyOf(tensors.keySet()));
        REFERENCE.forEach((name, x) -> assertSame(x, tensors.get(name)));
        assertEquals(Map.of("note", "\u00fc \"x\"\t"), SafeTensors.metadata(Golden.path("reference.safetensors")));
        assertEquals(Map.of(), SafeTensors.read(Golden.path("empty.safetensors")));
    }

    @Test
    void everyTypeBecomesTheSameNumbers() {
        assertTypes(SafeTensors.read(Golden.path("types.safetensors")));
        byte[] bits = {(byte) 0x80, 0x3F, 0x49, (byte) 0xC0};
        assertNumbers(read("{'x':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}", bits).get("x"), DType.F32,
                Shape.of(2), 1, -3.140625);
    }

    static void assertTypes(Map<String, Tensor> read) {
        Shape two = Shape.of(2);
        double max = 1L << 53;
        assertNumbers(read.get("BOOL"), DType.F32, two, 0, 1);
        assertNumbers(read.get("U8"), DType.F32, two, 0, 255);
        assertNumbers(read.get("I8"), DType.F32, two, -128, 127);
        assertNumbers(read.get("I16"), DType.F32, two, -32768, 32767);
        assertNumbers(read.get("U16"), DType.F32, two, 0, 65535);
        assertNumbers(read.get("F16"), DType.F32, two, 0x1p-14, 65504);
        assertNumbers(read.get("I32"), DType.F64, two, Integer.MIN_VALUE, Integer.MAX_VALUE);
        assertNumbers(read.get("U32"), DType.F64, two, 0, 0xFFFFFFFFL);
        assertNumbers(read.get("F32"), DType.F32, two, Float.MIN_NORMAL, Float.MAX_VALUE);
        assertNumbers(read.get("F64"), DType.F64, two, Double.MIN_NORMAL, Double.MAX_VALUE);
        assertNumbers(read.get("I64"), DType.F64, two, -max, max);
        assertNumbers(read.get("U64"), DType.F64, two, 0, max);
        assertEquals(12, read.size());
    }

    @Test
    void numbersThatCannotBeKeptAreRefused() {
        for (String type : List.of("I64", "U64"))
            for (long number : new long[]{(1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE})
                assertSays(refused("{'x':{'dtype':'" + type + "','shape':[],'data_offsets':[0,8]}}", bytes(number)),
                        "tensor x", "as " + type, "to 9007199254740992");
        assertSays(refused("{'x':{'dtype':'BOOL','shape':[1],'data_offsets':[0,1]}}", new byte[]{2}), "2 as BOOL");
        assertSays(refused("{'x':{'dtype':'F8_E4M3','shape':[1],'data_offsets':[0,1]}}", new byte[1]), "tensor x",
                "F8_E4M3", "convert it to F32");
    }

    /** Views are written by their elements, also in several chunks. */
    @Test
    void viewsAndLongTensorsComeBack() {
        Path file = folder.resolve("long.safetensors");
        Tensor x = Tensor.randn(new Rng(1), 101, 307), y = Tensor.randn(DType.F64, new Rng(2), 20001);
        SafeTensors.write(file, Map.of("x", x.transpose(), "y", y));
        var read = SafeTensors.read(file);
        assertSame(x.transpose(), read.get("x"));
        assertSame(y, read.get("y"));
    }

    @Test
    void aTensorMayLieAnywhere() {
        var read = read("{'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]},"
                + "'a':{'shape':[1],'data_offsets':[0,1],'dtype':'U8'}}  ", new byte[]{7, 8, 9});
        assertEquals(List.of("b", "a"), List.copyOf(read.keySet()));
        assertNumbers(read.get("a"), DType.F32, Shape.of(1), 7);
        assertNumbers(read.get("b"), DType.F32, Shape.of(2), 8, 9);
    }

    /** The format's own reader accepts all of these. */
    @Test
    void nullMetadataAndUnknownFieldsArePassedOver() {
        String x = "'x':{'more':{'a':[1,{}]},'dtype':'U8','shape':[2],'other':null,'data_offsets':[0,2]}";
        for (String header : List.of("{'__metadata__':null," + x + "}", "{" + x + "}", "{" + x + ",'__metadata__':{}}"))
            assertNumbers(read(header, new byte[]{3, 4}).get("x"), DType.F32, Shape.of(2), 3, 4);
    }

    @Test
    void tensorsAreReadOneByOne() throws IOException {
        try (var file = SafeTensors.open(Golden.path("types.safetensors"))) {
            assertEquals(12, file.names().size());
            assertNumbers(file.tensor("U16"), DType.F32, Shape.of(2), 0, 65535);
            assertNumbers(file.tensor("F64"), DType.F64, Shape.of(2), Double.MIN_NORMAL, Double.MAX_VALUE);
            assertEquals(Shape.of(2), file.shape("F16"));
            assertEquals("F16", file.dtype("F16"));
            assertEquals(Mask.of(new boolean[]{false, true}, 2), file.mask("BOOL"));
            assertEquals(IntTensor.of(0, 255), file.intTensor("U8"));
            assertEquals(IntTensor.of(-128, 127), file.intTensor("I8"));
            assertEquals(IntTensor.of(-32768, 32767), file.intTensor("I16"));
            assertEquals(IntTensor.of(0, 65535), file.intTensor("U16"));
            assertEquals(IntTensor.of(Integer.MIN_VALUE, Integer.MAX_VALUE), file.intTensor("I32"));
            for (String wide : List.of("U32", "I64", "U64"))
                assertSays(assertThrows(IllegalArgumentException.class, () -> file.intTensor(wide)),
                        "types.safetensors",
                        "tensor " + wide, "to 2147483647");
            assertSays(assertThrows(IllegalArgumentException.class, () -> file.intTensor("F32")), "tensor F32",
                    "of F32", "integers");
            assertSays(assertThrows(IllegalArgumentException.class, () -> file.intTensor("BOOL")), "of BOOL");
            assertSays(assertThrows(IllegalArgumentException.class, () -> file.mask("U8")), "of U8", "BOOL");
            assertSays(assertThrows(IllegalArgumentException.class, () -> file.tensor("none")), "types.safetensors",
                    "no tensor none", "BOOL");
        }
    }

    @Test
    void integersOfAnyWidthBecomeTheSame() throws IOException {
        long[] numbers = {-7, 0, Integer.MAX_VALUE};
        var data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers)
            data.putLong(number);
        String header = "{'x':{'dtype':'I64','shape':[3,1],'data_offsets':[0,24]}}";
        assertEquals(IntTensor.of(new int[]{-7, 0, Integer.MAX_VALUE}, 3, 1),
                open(file(header, data.array())).intTensor("x"));
    }

    /**
     * A reader of tensors allocates no more than the file's size for metadata, however many entries there are.
     */
    @Test
    void metadataIsNotKeptUnlessItIsAskedFor() throws IOException {
        var text = new StringBuilder("{'__metadata__':{");
        for (int i = 0; i < 200_000; i++)
            text.append("'").append(Integer.toString(i, 36)).append("':'',");
        byte[] file = file(text + "'z':'z'},'x':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}", new byte[]{5});
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        read(file); // loads classes
        long before = memory.getCurrentThreadAllocatedBytes();
        assertNumbers(read(file).get("x"), DType.F32, Shape.of(1), 5);
        long allocated = memory.getCurrentThreadAllocatedBytes() - before;
        // a text and its name are short-lived objects
        assertTrue(allocated < 30L * file.length, () -> allocated + " bytes for a file of " + file.length);
        var open = open(file);
        assertSays(assertThrows(IllegalArgumentException.class, open::metadata), "file", "100000");
    }

    @Test
    void malformedHeadersAreRefused() {
        String x = "'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}";
        assertEquals(1, read("{" + x + "}", new byte[2]).size());
        assertSays(refused(" {" + x + "}", new byte[2]), "does not begin with {");
        assertSays(refused("", new byte[0]), "does not begin with {");
        for (String bad : List.of("{", "{}}", "{},{}", "{" + x, "{" + x + "," + x + "}", "{" + x + ",}", "{'x':1}",
                "{'x':{}}", "{'x':null}", "{'__metadata__':{'a':1}}", "{'__metadata__':{'a':{}}}",
                "{'__metadata__':{},'__metadata__':{}}", "{'__metadata__':[]}", "{'__metadata__':{'a':null}}",
                "{'__metadata__':null,'__metadata__':null}", "{\u0000}", "{" + x + "}x",
                "{/* a */" + x + "}"))
            assertSays(refused(bad, new byte[2]), "file: ");
        for (String bad : List.of("'dtype':'U8','shape':[2]", "'dtype':'U8','data_offsets':[0,2]",
                "'shape':[2],'data_offsets':[0,2]", "'dtype':'U8','dtype':'U8','shape':[2],'data_offsets':[0,2]",
                "'dtype':8,'shape':[2],'data_offsets':[0,2]", "'dtype':'u8','shape':[2],'data_offsets':[0,2]",
                "'dtype':'U8','shape':2,'data_offsets':[0,2]", "'dtype':'U8','shape':[2.0],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[-2],'data_offsets':[0,2]", "'dtype':'U8','shape':[[2]],'data_offsets':[0,2]",
                "'dtype':'U8','shape':['2'],'data_offsets':[0,2]", "'dtype':'U8','shape':[3],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[2],'data_offsets':[0,2,2]", "'dtype':'U8','shape':[2],'data_offsets':[2,0]",
                "'dtype':'U8','shape':[2],'data_offsets':[-0,2]", "'dtype':'U8','shape':[1e0],'data_offsets':[0,2]",
                "'dtype':'U8','dtype':'I8','shape':[2],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[2],'shape':[2],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[2],'data_offsets':[0,2],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[99999999999999999999],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[9223372036854775807,2],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[2147483647,2147483647],'data_offsets':[0,2]",
                "'dtype':'U8','shape':[" + "1,".repeat(64) + "2],'data_offsets':[0,2]"))
            assertSays(refused("{'x':{" + bad + "}}", new byte[2]), "file");
        assertSays(refused(new String(new byte[]{'{', '"', (byte) 0xC3, '"', '}'}, StandardCharsets.ISO_8859_1),
                new byte[0]), "UTF-8");
    }

    @Test
    void holesOverlapsAndBytesLeftOverAreRefused() {
        String two = "{'x':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
                + "'y':{'dtype':'U8','shape':[2],'data_offsets':[%d,%d]}}";
        assertSays(refused(two.formatted(3, 5), new byte[5]), "tensor y begins at byte 3", "ends at 2");
        assertSays(refused(two.formatted(1, 3), new byte[3]), "tensor y begins at byte 1");
        assertSays(refused(two.formatted(2, 4), new byte[5]), "5 bytes", "describes 4");
        assertSays(refused(two.formatted(2, 4), new byte[3]), "3 bytes", "describes 4");
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = Golden.bytes("reference.safetensors");
        for (int length = 0; length < whole.length; length++)
            assertSays(refused(Arrays.copyOf(whole, length)), "truncated");
    }

    @Test
    void absurdLengthsAreRefused() {
        for (long length : new long[]{-1, Long.MIN_VALUE, 1L << 40, 100_000_001, 9})
            assertSays(refused(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array()),
                    Long.toUnsignedString(length), "8 follow");
    }

    @Test
    void namesThatTheFormatCannotHoldAreRefusedBeforeAnythingIsWritten() {
        Path file = folder.resolve("new.safetensors");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> SafeTensors.write(file, Map.of("__metadata__", Golden.VECTOR))), file.toString(), "__metadata__");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> SafeTensors.write(file, Map.of("\uD83D", Golden.VECTOR))), file.toString(), "surrogate");
        assertFalse(Files.exists(file));
    }

    @Test
    void filesThatCannotBeReadOrWrittenAreNamed() {
        Path none = folder.resolve("none.safetensors");
        assertSays(assertThrows(UncheckedIOException.class, () -> SafeTensors.read(none)), none.toString(),
                "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> SafeTensors.read(folder)), folder.toString());
        assertSays(assertThrows(UncheckedIOException.class, () -> SafeTensors.write(folder, Map.of())),
                folder.toString(), "cannot write");
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    /** A file with this header, where an apostrophe is a quotation mark, and these bytes. */
    private static byte[] file(String header, byte[] data) {
        byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + text.length + data.length).put(bytes(text.length)).put(text).put(data).array();
    }

    private static SequencedMap<String, Tensor> read(String header, byte[] data) { return read(file(header, data)); }

    private static SafeTensors open(byte[] file) throws IOException {
        return new SafeTensors(new BytesChannel(new ByteArrayInputStream(file)), "file");
    }

    private static SequencedMap<String, Tensor> read(byte[] file) {
        try {
            return open(file).tensors();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static IllegalArgumentException refused(String header, byte[] data) { return refused(file(header, data)); }

    private static IllegalArgumentException refused(byte[] file) {
        return assertThrows(IllegalArgumentException.class, () -> read(file));
    }
}
