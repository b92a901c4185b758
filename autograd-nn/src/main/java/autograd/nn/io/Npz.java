package autograd.nn.io;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;
import autograd.nn.files.InputFile;
import autograd.nn.io.SafeTensorsHeader.Entry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Files of named tensors in NumPy's npz format, a zip of {@link Npy npy} files, as {@code numpy.savez} writes
 * and {@code numpy.load} reads them. Files of {@code numpy.savez_compressed} can be read, too.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";
    /**
     * A constant time, so that the same tensors give the same file. Not the start of 1980, because the JDK would
     * then add the time in UTC, which depends on the time zone.
     */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);
    /** The largest ratio by which deflate compresses. */
    private static final int MAX_INFLATION = 1032;

    private Npz() {}

    /**
     * Writes tensors by name, in their order, without compression.
     *
     * @param file
     *            replaced when the new one is complete; missing folders are created
     * @param tensors
     *            {@code Tensor}s, {@code IntTensor}s, which become int64, and {@code Mask}s, which become bool,
     *            by name; a name has at least one character and no character 0
     */
    public static void write(Path file, Map<String, ?> tensors) {
        var header = SafeTensorsHeader.of(tensors, null, file.toString());
        tensors.keySet().forEach(name -> demandName(name + SUFFIX, file + ": " + name));
        try {
            AtomicFile.write(file, out -> {
                var zip = new ZipOutputStream(out);
                for (String name : tensors.keySet())
                    put(zip, name + SUFFIX, header.tensors().get(name), tensors.get(name));
                zip.finish();
            });
        } catch (IllegalArgumentException e) { // a name that is too long
            throw new IllegalArgumentException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Validates a name. NumPy and other programs would cut off a name at a character 0, and cannot read an array
     * without a name.
     */
    private static void demandName(String entry, String what) {
        if (!entry.endsWith(SUFFIX))
            throw new IllegalArgumentException(what + " is not a .npy file; an npz file holds nothing else");
        if (entry.equals(SUFFIX) || entry.indexOf(0) >= 0)
            throw new IllegalArgumentException(what + ": the name of an array needs at least one character and may "
                    + "have no character 0");
    }

    private static void put(ZipOutputStream zip, String name, Entry type, Object x) throws IOException {
        byte[] header = NpyHeader.of(type.type(), type.shape());
        var sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        sum.write(header);
        type.type().write(x, sum, name); // a stored entry begins with its checksum, so it is written twice
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(header.length + type.end() - type.begin());
        entry.setCrc(sum.getChecksum().getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(header);
        type.type().write(x, zip, name);
        zip.closeEntry();
    }

    /** All tensors of a file, read at once. */
    static TensorFile open(Path file) {
        SequencedMap<String, Tensor> tensors = read(file);
        return new TensorFile() {
            @Override
            public SequencedSet<String> names() { return tensors.sequencedKeySet(); }

            @Override
            public Shape shape(String tensor) { return tensor(tensor).shape(); }

            @Override
            public DType readDType(String tensor) { return tensor(tensor).dtype(); }

            @Override
            public Tensor tensor(String tensor) { return tensors.get(tensor); }

            @Override
            public SequencedMap<String, String> metadata() { return new LinkedHashMap<>(); }

            @Override
            public void close() {} // everything has been read
        };
    }

    /**
     * Reads tensors.
     *
     * @param file
     *            a valid file; its lengths are validated before memory is allocated, and inflating stops at them
     * @return the tensors by name, in the order of the file; an error names the file and what is wrong
     */
    public static SequencedMap<String, Tensor> read(Path file) {
        try {
            while (true) {
                var before = attributes(file);
                try (var zip = new ZipFile(file.toFile())) {
                    var after = attributes(file);
                    if (before.size() == after.size() && Objects.equals(before.fileKey(), after.fileKey()))
                        return read(zip, file, after.size());
                }
            }
        } catch (ZipException | EOFException e) {
            throw new IllegalArgumentException(file + " is damaged, or not an npz file (" + e.getMessage()
                    + "); fetch it again", e);
        } catch (IOException e) {
            throw InputFile.cannot("read", file, e);
        }
    }

    /** Opens a zip with its length, which is read before and after opening, to be sure that it is this file's. */
    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    private static SequencedMap<String, Tensor> read(ZipFile zip, Path file, long length) throws IOException {
        List<ZipEntry> entries = Collections.list(zip.entries()).stream().filter(e -> !e.isDirectory())
                .<ZipEntry>map(e -> e).toList();
        check(zip, entries, file, length);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (ZipEntry entry : entries)
            if (tensors.put(key(entry), read(zip, entry, file)) != null)
                throw new IllegalArgumentException(name(entry, file) + " is there twice");
        return tensors;
    }

    /**
     * Throws if the directory and the headers are impossible, such as entries that share bytes, as in a zip bomb.
     */
    private static void check(ZipFile zip, List<ZipEntry> entries, Path file, long length) throws IOException {
        long packed = 0, memory = 0;
        for (ZipEntry entry : entries) {
            String what = name(entry, file);
            demandName(entry.getName(), what);
            long from = Math.min(entry.getCompressedSize(), length), to = entry.getSize();
            packed += from;
            if (from < 0 || to < 0 || to > from * (entry.getMethod() == ZipEntry.STORED ? 1 : MAX_INFLATION)
                    || packed > length)
                throw new IllegalArgumentException(what + " is to become " + to + " bytes of "
                        + entry.getCompressedSize() + " in a file of " + length
                        + ", which cannot be; it is damaged or a zip bomb");
            try (InputStream in = zip.getInputStream(entry)) {
                NpyHeader header = NpyHeader.read(in, what);
                header.check(to, what);
                memory += header.memory();
            }
        }
        Stored.demandMemory(memory, file.toString());
    }

    /** The name of an entry in messages. */
    private static String name(ZipEntry entry, Path file) {
        return file + ": " + entry.getName();
    }

    private static String key(ZipEntry entry) {
        return entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
    }

    private static Tensor read(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        String what = name(entry, file);
        try (InputStream raw = zip.getInputStream(entry)) {
            var in = new CheckedInputStream(raw, new CRC32());
            Tensor x = Npy.read(in, entry.getSize(), what);
            if (in.read() >= 0)
                throw new IllegalArgumentException(what + " holds more than it says; it is damaged or a zip bomb");
            if (in.getChecksum().getValue() != entry.getCrc())
                throw new IllegalArgumentException(what + " has another check sum than the zip says; fetch it again");
            return x;
        }
    }
}
