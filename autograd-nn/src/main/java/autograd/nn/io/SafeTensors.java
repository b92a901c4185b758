package autograd.nn.io;

import autograd.Tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * Files of named tensors in the <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the
 * length of a header, the header in JSON, the numbers. They are written byte for byte as the format's own
 * library does.
 *
 * <p>
 * What is read becomes F32 or F64, exactly: F16, BF16, integers of up to 16 bits and BOOL become F32;
 * integers of 32 and 64 bits F64, if none is beyond 2^53. Other types are refused.
 */
public final class SafeTensors {
    /** As in the format's own library. */
    private static final int MAX_HEADER = 100_000_000;

    private SafeTensors() {}

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
        var header = SafeTensorsHeader.of(tensors, metadata);
        byte[] text = withJson(() -> HeaderJson.write(header, file.toString()));
        try {
            AtomicFile.write(file, out -> {
                var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
                out.write(length.array());
                out.write(text);
                for (String name : header.tensors().keySet())
                    Stored.write(tensors.get(name), out);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    /**
     * Reads tensors.
     *
     * @param file
     *            in the format, without a flaw; nothing is allocated for numbers that it does not hold
     * @return the tensors by name, in the order of the header; an error names the file and what is wrong
     */
    public static SequencedMap<String, Tensor> read(Path file) { return open(file, SafeTensors::read); }

    /** Reads the texts that stand beside the tensors. */
    public static SequencedMap<String, String> metadata(Path file) {
        return open(file, SafeTensors::header).metadata();
    }

    /** Reads a stream whose length is known. */
    static SequencedMap<String, Tensor> read(InputStream in, long length, String name) throws IOException {
        var header = header(in, length, name);
        Stored.demandMemory(header.tensors().values().stream().mapToLong(t -> t.type().memory(t.shape())).sum(), name);
        Map<String, Tensor> read = new HashMap<>();
        for (var entry : header.byOffset()) {
            var info = entry.getValue();
            String what = name + ": tensor " + entry.getKey();
            read.put(entry.getKey(), Tensor.of(info.type().read(in, ByteOrder.LITTLE_ENDIAN, info.shape(), what)));
        }
        var tensors = new LinkedHashMap<String, Tensor>();
        for (String tensor : header.tensors().keySet())
            tensors.put(tensor, read.get(tensor));
        return tensors;
    }

    private static SafeTensorsHeader header(InputStream in, long length, String name) throws IOException {
        byte[] prefix = in.readNBytes(Long.BYTES);
        if (prefix.length < Long.BYTES)
            throw new IllegalArgumentException(name + " is truncated: it has " + prefix.length
                    + " bytes, a safetensors file begins with 8 that say how long its header is; fetch it again");
        long size = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long rest = length - Long.BYTES;
        if (size < 0 || size > MAX_HEADER || size > rest)
            throw new IllegalArgumentException(name + " says that its header has " + Long.toUnsignedString(size)
                    + " bytes, but " + rest + " follow, and " + MAX_HEADER + " are the most; it is truncated, or no "
                    + "safetensors file");
        byte[] text = in.readNBytes((int) size);
        var header = withJson(() -> HeaderJson.read(text, name));
        header.check(rest - size, name);
        return header;
    }

    private interface Reader<T> {
        T read(InputStream in, long length, String name) throws IOException;
    }

    private static <T> T open(Path file, Reader<T> reader) {
        try (InputStream in = Files.newInputStream(file)) {
            return reader.read(in, Files.size(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + " does not exist; check the folder and the name", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
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
