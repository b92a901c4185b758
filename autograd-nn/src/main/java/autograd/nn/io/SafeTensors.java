package autograd.nn.io;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.Shape;
import autograd.nn.files.InputFile;
import autograd.nn.io.SafeTensorsHeader.Entry;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Supplier;

/**
 * Files of named tensors in the <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the
 * length of a header, the header in JSON, the numbers. They are written byte for byte as the format's own
 * library does.
 *
 * <p>
 * An open file reads a tensor when it is asked for, so that a model loads from a file as large as memory:
 *
 * {@snippet :
 * try (var file = SafeTensors.open(Path.of("model.safetensors"))) {
 *     for (String name : file.names())
 *         IO.println(name + " " + file.dtype(name) + " " + file.shape(name));
 *     Tensor weight = file.tensor("weight");
 * }
 * }
 *
 * Use an open file in one thread at a time.
 */
public final class SafeTensors implements AutoCloseable {
    /** As in the format's own library. */
    private static final int MAX_HEADER = 100_000_000;

    private final SeekableByteChannel channel;
    private final String name;
    private final byte[] text;
    private final SafeTensorsHeader header;

    /** Reads the header of an open file, which the caller closes if that fails. */
    SafeTensors(SeekableByteChannel channel, String name) throws IOException {
        this.channel = channel;
        this.name = name;
        long length = channel.size();
        this.text = text(Channels.newInputStream(channel.position(0)), length, name);
        this.header = withJson(() -> HeaderJson.read(text, name));
        header.check(length - Long.BYTES - text.length, name);
    }

    private static byte[] text(InputStream in, long length, String name) throws IOException {
        byte[] prefix = in.readNBytes(Long.BYTES);
        if (prefix.length < Long.BYTES)
            throw new IllegalArgumentException(name + " is truncated: it has " + prefix.length
                    + " bytes, a safetensors file begins with 8 that say how long its header is; fetch it again");
        long size = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long rest = length - Long.BYTES;
        if (size < 0 || size > MAX_HEADER || size > rest)
            throw new IllegalArgumentException(name + " says that its header has " + Long.toUnsignedString(size)
                    + " bytes, but " + rest + " follow, and the limit is " + MAX_HEADER + "; it is truncated, or not "
                    + "a safetensors file");
        byte[] text = in.readNBytes((int) size);
        if (text.length < size)
            throw new IllegalArgumentException(name + " is truncated: it ends within its header; fetch it again");
        return text;
    }

    // ---- reading

    /**
     * Opens a file and reads its header.
     *
     * @param file
     *            in the format, without a flaw
     * @return the open file; an error names it and what is wrong
     */
    public static SafeTensors open(Path file) {
        try {
            SeekableByteChannel channel = Files.newByteChannel(file);
            try {
                return new SafeTensors(channel, file.toString());
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw InputFile.cannot("read", file, e);
        }
    }

    /**
     * Reads all tensors: F16, BF16 and F32 to F32, F64 to F64, other types exactly to F32 if all of their numbers
     * fit, else to F64.
     *
     * @param file
     *            in the format, without a flaw; nothing is allocated for numbers that it does not hold
     * @return the tensors by name, in the order of the header; an error names the file and what is wrong
     */
    public static SequencedMap<String, Tensor> read(Path file) {
        try (SafeTensors open = open(file)) {
            return open.tensors();
        }
    }

    /** Reads the texts that stand beside the tensors. */
    public static SequencedMap<String, String> metadata(Path file) {
        try (SafeTensors open = open(file)) {
            return open.metadata();
        }
    }

    /** The names of the tensors in the order of the header. */
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(header.tensors().sequencedKeySet());
    }

    /** The texts that stand beside the tensors. */
    public SequencedMap<String, String> metadata() {
        return HeaderJson.metadata(text, name);
    }

    /** The shape of a tensor. */
    public Shape shape(String tensor) { return entry(tensor).shape(); }

    /** The type of a tensor's numbers as the format calls it, for example {@code BF16}. */
    public String dtype(String tensor) {
        return entry(tensor).type().name();
    }

    /**
     * Reads a tensor.
     *
     * @param tensor
     *            a name in the file
     * @return F32 for BF16, F16, F32, BOOL and integers of at most 16 bits, else F64; each number is exactly that
     *         of the file, and an integer beyond 2^53 is an error
     */
    public Tensor tensor(String tensor) {
        return read(tensor, (entry, in, what) -> Tensor.of(
                entry.type().read(in, ByteOrder.LITTLE_ENDIAN, entry.shape(), what)));
    }

    /** Reads a tensor of integers of any width; a number beyond 32 bits is an error, and so is another type. */
    public IntTensor intTensor(String tensor) {
        return read(tensor, (entry, in, what) -> IntTensor.of(
                entry.type().readInts(in, ByteOrder.LITTLE_ENDIAN, entry.shape(), what), entry.shape().dims()));
    }

    /** Reads a tensor of type BOOL. */
    public Mask mask(String tensor) {
        return read(tensor, (entry, in, what) -> Mask.of(
                entry.type().readBooleans(in, ByteOrder.LITTLE_ENDIAN, entry.shape(), what), entry.shape().dims()));
    }

    /** Reads all tensors, as {@link #tensor} does, in the order of the header. */
    public SequencedMap<String, Tensor> tensors() {
        Stored.demandMemory(header.tensors().values().stream().mapToLong(t -> t.type().memory(t.shape())).sum(), name);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (String tensor : header.tensors().keySet())
            tensors.put(tensor, tensor(tensor));
        return tensors;
    }

    private Entry entry(String tensor) {
        Entry entry = header.tensors().get(tensor);
        if (entry == null)
            throw new IllegalArgumentException(name + " has no tensor " + tensor + "; it has " + names());
        return entry;
    }

    private interface Reader<T> {
        T read(Entry entry, InputStream in, String what) throws IOException;
    }

    private <T> T read(String tensor, Reader<T> reader) {
        Entry entry = entry(tensor);
        String what = name + ": tensor " + tensor;
        Stored.demandMemory(entry.type().memory(entry.shape()), what);
        try {
            channel.position(Long.BYTES + text.length + entry.begin());
            return reader.read(entry, new BufferedInputStream(Channels.newInputStream(channel)), what);
        } catch (IOException e) {
            throw InputFile.cannot("read", name, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw InputFile.cannot("close", name, e);
        }
    }

    // ---- writing

    /** Writes tensors by name; the file is replaced when the new one is complete. */
    public static void write(Path file, Map<String, ? extends Tensor> tensors) {
        write(file, tensors, Map.of());
    }

    /**
     * Writes tensors by name, and texts beside them.
     *
     * @param file
     *            replaced when the new one is complete; folders that are missing are made
     * @param tensors
     *            by any names but {@code __metadata__}
     * @param metadata
     *            free texts by name
     */
    public static void write(Path file, Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
        var header = SafeTensorsHeader.of(tensors);
        byte[] text = withJson(() -> HeaderJson.write(header, metadata, file.toString()));
        AtomicFile.write(file, out -> {
            var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
            out.write(length.array());
            out.write(text);
            for (String name : header.tensors().keySet())
                Stored.write(tensors.get(name), out);
        });
    }

    private static <T> T withJson(Supplier<T> work) {
        try {
            return work.get();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("SafeTensors needs the library com.fasterxml.jackson.core:jackson-core; "
                    + "in modules add --add-modules com.fasterxml.jackson.core, or a requires", e);
        }
    }
}
