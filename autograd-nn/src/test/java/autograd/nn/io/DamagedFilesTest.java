package autograd.nn.io;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import autograd.nn.data.Csv;
import autograd.nn.data.Idx;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * Readers of damaged files either read them or throw a documented exception that names the file. They
 * allocate no more memory than a file of that length can need, and read each byte only a few times.
 */
class DamagedFilesTest {
    /** For each reader. */
    private static final int TRIES = Integer.getInteger("tries", 400);
    /** The bytes that a reader may allocate for any file: buffers, and the message. */
    private static final int FREE = 1 << 20;
    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private interface Read {
        void of(ByteArrayInputStream in, byte[] file, Path path) throws IOException;
    }

    private enum Reader {
        IDX(20, (in, file, path) -> Idx.read(in, path.toString()), idx(), idx()), IDX_GZ(4 * 1032,
                (in, file, path) -> Idx.read(in, path.toString()), gzip(idx()), gzip(zeros())), CSV(200,
                        (in, file, path) -> Csv.read(in, path.toString(), "c"),
                        "a,b,c\n1,2,x\n3.5,-4e3,\"y \"\"z\"\"\"\n".getBytes(),
                        "c,\"\n\"\r\nx,1\r\ny,2".getBytes()), SAFETENSORS(200,
                                (in, file, path) -> new SafeTensors(new BytesChannel(in), path.toString()).tensors(),
                                Golden.bytes("reference.safetensors"), Golden.bytes("types.safetensors")), NPY(20,
                                        (in, file, path) -> Npy.read(in, file.length, path.toString()),
                                        Golden.bytes("reference.npy"),
                                        Golden.bytes("scalar.npy")), NPZ(8 * 1032, (in, file, path) -> {
                                            Files.write(path, file);
                                            try {
                                                Npz.read(path);
                                            } finally {
                                                Files.delete(path);
                                            }
                                        }, Golden.bytes("reference.npz"), Golden.bytes("compressed.npz"),
                                                Golden.bytes("orders.npz")),
        /** The zip is right, and an array in it is not. */
        NPY_IN_NPZ(8 * 1032, (in, file, path) -> NPZ.read.of(in, NpzTest.zip("a.npy", file), path),
                Golden.bytes("reference.npy"), npy(new byte[100_000], 100_000), npy(new byte[100_000], 1000));

        /** The maximal number of bytes to allocate for a byte of the file. */
        final int factor;
        final Read read;
        final List<byte[]> whole;

        Reader(int factor, Read read, byte[]... whole) {
            this.factor = factor;
            this.read = read;
            this.whole = List.of(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areReadOrRefused(Reader reader) throws IOException {
        var random = new Random(reader.ordinal());
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            byte[] file = Damage.of(reader.whole.get(random.nextInt(reader.whole.size())),
                    reader.whole.get(random.nextInt(reader.whole.size())), random);
            if (isRefused(reader, file, folder.resolve("file" + i)))
                refused++;
        }
        int tenth = TRIES / 10;
        assertTrue(refused > tenth, "only " + refused + " were refused: the files are hardly damaged");
        assertTrue(TRIES - refused > 0, "all were refused, undamaged ones perhaps too");
    }

    private static boolean isRefused(Reader reader, byte[] file, Path path) throws IOException {
        long most = FREE + (long) reader.factor * file.length;
        Outcome outcome = outcome(reader, file, path);
        if (outcome.allocated > most) // classes are loaded once
            outcome = outcome(reader, file, path);
        Outcome last = outcome;
        assertTrue(last.allocated <= most, () -> last.allocated + " bytes for a file of " + file.length);
        assertTrue(last.calls <= 2 * file.length + 100, () -> last.calls + " reads of a file of " + file.length);
        return last.refused;
    }

    private record Outcome(boolean refused, long allocated, int calls) {}

    private static Outcome outcome(Reader reader, byte[] file, Path path) throws IOException {
        var in = new Counting(file);
        boolean refused = false;
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        try {
            reader.read.of(in, file, path);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            refused = true;
            if (!String.valueOf(e.getMessage()).contains(path.getFileName().toString()))
                fail("the file is not named", e);
        }
        return new Outcome(refused, MEMORY.getCurrentThreadAllocatedBytes() - before, in.calls);
    }

    /** Counts how often it is read from, a measure of the time that does not depend on the machine. */
    private static final class Counting extends ByteArrayInputStream {
        int calls;

        Counting(byte[] file) { super(file); }

        @Override
        public synchronized int read() {
            calls++;
            return super.read();
        }

        @Override
        public synchronized int read(byte[] to, int offset, int length) {
            calls++;
            return super.read(to, offset, length);
        }
    }

    private static byte[] idx() { return new byte[]{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6}; }

    private static byte[] zeros() { return ByteBuffer.allocate(8 + 100_000).putInt(0x801).putInt(100_000).array(); }

    private static byte[] npy(byte[] data, int promised) {
        return NpzTest.npy(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (" + promised + ",), }", data);
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
