package autograd.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {
    private static final byte[] CUBE = idx(new int[]{2, 3, 4}, bytes(24));

    @Test
    void readsDimensionsAndData() {
        Idx idx = read(CUBE);
        assertArrayEquals(new int[]{2, 3, 4}, idx.dims());
        assertArrayEquals(bytes(24), idx.data());
        assertEquals(2, idx.size());
    }

    @Test
    void readsFiles(@TempDir Path folder) throws IOException {
        Path plain = Files.write(folder.resolve("plain"), CUBE);
        Path zipped = Files.write(folder.resolve("zipped"), gzip(CUBE));
        assertArrayEquals(Idx.read(plain).data(), Idx.read(zipped).data());
    }

    @Test
    void namesAFileThatCannotBeRead(@TempDir Path folder) {
        assertSays(assertThrows(UncheckedIOException.class, () -> Idx.read(folder.resolve("none.gz"))), "none.gz",
                "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> Idx.read(folder)), folder.toString(), "cannot read");
    }

    @Test
    void namesAStreamThatFails() {
        var failing = new InputStream() {
            @Override
            public int read() throws IOException { throw new IOException("unplugged"); }
        };
        assertSays(assertThrows(UncheckedIOException.class, () -> Idx.read(failing, "digits")), "digits", "unplugged");
    }

    @Property(tries = 200)
    void gzippedAndPlainAreRead(@ForAll("dims") int[] dims, @ForAll long seed) {
        byte[] data = new byte[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        new Random(seed).nextBytes(data);
        byte[] file = idx(dims, data);
        for (Idx idx : new Idx[]{read(file), read(gzip(file))}) {
            assertArrayEquals(dims, idx.dims());
            assertArrayEquals(data, idx.data());
        }
    }

    @Provide
    Arbitrary<int[]> dims() {
        return Arbitraries.integers().between(0, 9).array(int[].class).ofMinSize(1).ofMaxSize(4);
    }

    @Test
    void refusesEveryTruncation() {
        for (byte[] file : new byte[][]{CUBE, gzip(CUBE)}) {
            for (int length = 0; length < file.length; length++) {
                assertSays(refused(Arrays.copyOf(file, length)), "truncated", "fetch it again");
            }
        }
    }

    @Property(tries = 100)
    void refusesBytesThatFollow(@ForAll @Size(min = 1, max = 40) byte[] more) {
        assertSays(refused(join(CUBE, more)), "too long");
        assertSays(refused(gzip(join(CUBE, more))), "too long");
        assertSays(refused(join(gzip(CUBE), more)), "too long");
    }

    @Test
    void refusesASecondGzipMember() { assertSays(refused(join(gzip(CUBE), gzip(CUBE))), "too long"); }

    @Test
    void aFlippedBitIsNoticedOrHarmless() {
        byte[] file = gzip(CUBE);
        int noticed = 0;
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] flipped = file.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertArrayEquals(read(CUBE).data(), read(flipped).data(), "bit " + bit);
            } catch (IllegalArgumentException e) {
                noticed++;
                assertSays(e, "digits");
            }
        }
        assertTrue(noticed >= 8 * (file.length - 10), "only " + noticed + " of " + 8 * file.length);
    }

    @Property
    void anyBytesAreReadOrRefusedByName(@ForAll @Size(max = 64) byte[] tail, @ForAll boolean zipped) {
        byte[] file = join(new byte[]{0, 0, 8}, tail);
        try {
            Idx idx = read(zipped ? gzip(file) : file);
            assertEquals(file.length, 4 + 4 * idx.dims().length + idx.data().length);
        } catch (IllegalArgumentException e) {
            assertSays(e, "digits ");
        }
    }

    @Property(tries = 200)
    void absurdHeadersAreRefusedWithoutAllocation(@ForAll @Size(min = 1, max = 4) int[] dims, @ForAll boolean zipped) {
        Assume.that(Arrays.stream(dims).noneMatch(dim -> dim == 0));
        byte[] file = idx(dims, new byte[0]);
        byte[] given = zipped ? gzip(file) : file;
        long before = allocated();
        assertSays(refused(given), "digits");
        assertTrue(allocated() - before < 1 << 20, "allocates what the header claims");
    }

    @Test
    void aPromiseOfTwoGigabytesCostsNothing() {
        byte[] file = idx(new int[]{2000, 1000, 1000}, bytes(10));
        long before = allocated();
        assertSays(refused(file), "truncated", "2000 x 1000 x 1000 = 2000000000 bytes", "it holds 10");
        assertTrue(allocated() - before < 1 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void refusesSizesNoArrayCanHave(int dim) {
        assertSays(refused(idx(new int[]{dim, 28, 28}, bytes(9))), Integer.toUnsignedString(dim) + " x 28 x 28");
        assertSays(refused(idx(new int[]{65536, 65536, 65536, 65536}, bytes(9))), "more than one array can hold");
    }

    @Test
    void refusesAnotherFormat() {
        assertSays(refused("<html>not found</html>".getBytes()), "digits", "is not an IDX file", "3C 68");
        assertSays(refused(new byte[]{0, 0, 0x0D, 1, 0, 0, 0, 0}), "type 0x0D", "unsigned bytes");
        assertSays(refused(new byte[]{0, 0, 8, 0, 0, 0, 0, 0}), "0 dimensions", "1 to 4");
        assertSays(refused(new byte[]{0, 0, 8, (byte) 200, 0, 0, 0, 0}), "200 dimensions");
    }

    @Test
    void constructorChecksDimensions() {
        assertThrows(IllegalArgumentException.class, () -> new Idx(new int[]{2, 3}, new byte[5]));
        assertThrows(IllegalArgumentException.class, () -> new Idx(new int[0], new byte[1]));
        assertThrows(IllegalArgumentException.class, () -> new Idx(new int[]{1, 1, 1, 1, 1}, new byte[1]));
    }

    @Test
    void leavesAStreamOpen() {
        var closed = new boolean[1];
        var in = new ByteArrayInputStream(CUBE) {
            @Override
            public void close() { closed[0] = true; }
        };
        Idx.read(in, "digits");
        assertFalse(closed[0]);
    }

    @Property(tries = 50)
    void streamsThatTrickleAreRead(@ForAll @IntRange(min = 1, max = 5) int most) {
        for (byte[] file : new byte[][]{CUBE, gzip(CUBE)}) {
            var trickle = new ByteArrayInputStream(file) {
                @Override
                public synchronized int read(byte[] to, int offset, int length) {
                    return super.read(to, offset, Math.min(length, most));
                }
            };
            assertArrayEquals(bytes(24), Idx.read(trickle, "digits").data());
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static Idx read(byte[] file) { return Idx.read(new ByteArrayInputStream(file), "digits"); }

    private static IllegalArgumentException refused(byte[] file) {
        return assertThrows(IllegalArgumentException.class, () -> read(file));
    }

    private static void assertSays(Exception e, String... parts) {
        for (String part : parts) {
            assertTrue(String.valueOf(e.getMessage()).contains(part), () -> part + " is not in: " + e.getMessage());
        }
    }

    private static byte[] idx(int[] dims, byte[] data) {
        var buffer = ByteBuffer.allocate(4 + 4 * dims.length + data.length).putInt(0x800 | dims.length);
        for (int dim : dims) { buffer.putInt(dim); }
        return buffer.put(data).array();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) { bytes[i] = (byte) (17 * i); }
        return bytes;
    }

    private static byte[] join(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static byte[] gzip(byte[] data) {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
