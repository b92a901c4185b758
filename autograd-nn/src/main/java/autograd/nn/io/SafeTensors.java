package autograd.nn.io;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;
import autograd.nn.files.InputFile;
import autograd.nn.io.SafeTensorsHeader.Entry;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Supplier;

/**
 * Files of named tensors in the <a href="https://huggingface.co/docs/safetensors">safetensors</a> format: the
 * length of a header, the header in JSON, the numbers. Files are byte for byte those of the format's own
 * library.
 *
 * <p>
 * An open file reads one tensor at a time, so a file may be as large as memory:
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
public final class SafeTensors implements TensorFile {
    /** As in the format's own library. */
    private static final int MAX_HEADER = 100_000_000;
    static final String INDEX = ".index.json";

    private final String name;
    private final List<Shard> shards;
    /** The file of each tensor. */
    private final SequencedMap<String, Shard> places = new LinkedHashMap<>();

    /** One open file, or the files of an index. */
    private SafeTensors(String name, List<Shard> shards) {
        this.name = name;
        this.shards = shards;
        for (Shard shard : shards)
            for (String tensor : shard.header.tensors().keySet()) {
                Shard before = places.putIfAbsent(tensor, shard);
                if (before != null)
                    throw new IllegalArgumentException(name + ": tensor " + tensor + " is in two files, " + before.name
                            + " and " + shard.name);
            }
    }

    /** A file whose header was read; the file is closed with it. */
    SafeTensors(SeekableByteChannel channel, String name) throws IOException {
        this(name, List.of(Shard.of(channel, name)));
    }

    /** An open file and its header. */
    private record Shard(SeekableByteChannel channel, String name, byte[] text, SafeTensorsHeader header) {
        static Shard of(SeekableByteChannel channel, String name) throws IOException {
            long length = channel.size();
            byte[] text = text(Channels.newInputStream(channel.position(0)), length, name);
            SafeTensorsHeader header = withJson(() -> HeaderJson.read(text, name));
            header.check(length - Long.BYTES - text.length, name);
            return new Shard(channel, name, text, header);
        }

        static Shard open(Path file) {
            try {
                SeekableByteChannel channel = Files.newByteChannel(file);
                try {
                    return of(channel, file.toString());
                } catch (IOException | RuntimeException | Error e) {
                    channel.close();
                    throw e;
                }
            } catch (IOException e) {
                throw InputFile.cannot("read", file, e);
            }
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
                        + " bytes, but " + rest + " follow, and the limit is " + MAX_HEADER
                        + "; it is truncated, or not "
                        + "a safetensors file");
            byte[] text = in.readNBytes((int) size);
            if (text.length < size)
                throw new IllegalArgumentException(name + " is truncated: it ends within its header; fetch it again");
            return text;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw InputFile.cannot("close", name, e);
            }
        }
    }

    // ---- reading

    /**
     * Opens a file, or all files of a model that an index names, and reads their headers.
     *
     * @param file
     *            a valid file; or an index, whose name ends in {@code .index.json}, with its files in the same
     *            folder
     * @return the open file; an error names the file and what is wrong
     */
    public static SafeTensors open(Path file) {
        if (!file.toString().endsWith(INDEX))
            return new SafeTensors(file.toString(), List.of(Shard.open(file)));
        Map<String, String> index = withJson(() -> HeaderJson.index(file));
        List<Shard> shards = new ArrayList<>();
        try {
            for (String shard : new LinkedHashSet<>(index.values()))
                shards.add(Shard.open(file.resolveSibling(shard)));
            var all = new SafeTensors(file.toString(), shards);
            all.check(index, file);
            return all;
        } catch (RuntimeException | Error e) {
            shards.forEach(Shard::close);
            throw e;
        }
    }

    /** Throws unless the files contain exactly the tensors that the index says. */
    private void check(Map<String, String> index, Path file) {
        index.forEach((tensor, shard) -> {
            Shard place = places.get(tensor);
            if (place == null || !place.name.equals(file.resolveSibling(shard).toString()))
                throw new IllegalArgumentException(file + " says that tensor " + tensor + " is in " + shard
                        + (place == null ? ", which does not have it" : ", but it is in " + place.name));
        });
        places.forEach((tensor, shard) -> {
            if (!index.containsKey(tensor))
                throw new IllegalArgumentException(shard.name + " has a tensor " + tensor + ", which " + file
                        + " does not name");
        });
    }

    /**
     * Reads all tensors: F16, BF16 and F32 to F32, F64 to F64, other types exactly to F32 if all of their numbers
     * fit, else to F64.
     *
     * @param file
     *            a valid file; its length is validated before memory is allocated
     * @return the tensors by name, in the order of the header; an error names the file and what is wrong
     */
    public static SequencedMap<String, Tensor> read(Path file) {
        try (SafeTensors open = open(file)) {
            return open.tensors();
        }
    }

    /** Reads the metadata: strings by name. */
    public static SequencedMap<String, String> metadata(Path file) {
        try (SafeTensors open = open(file)) {
            return open.metadata();
        }
    }

    /** The names of the tensors in the order of the headers. */
    @Override
    public SequencedSet<String> names() { return Collections.unmodifiableSequencedSet(places.sequencedKeySet()); }

    /** The metadata: strings by name; of several files with the same name, the first. */
    @Override
    public SequencedMap<String, String> metadata() {
        var all = new LinkedHashMap<String, String>();
        for (Shard shard : shards)
            HeaderJson.metadata(shard.text, shard.name).forEach(all::putIfAbsent);
        return all;
    }

    /** The shape of a tensor. */
    @Override
    public Shape shape(String tensor) { return entry(tensor).shape(); }

    /** The format's name for the type of a tensor's numbers, for example {@code BF16}. */
    public String dtype(String tensor) {
        return entry(tensor).type().name();
    }

    /** The dtype of {@link #tensor}. */
    @Override
    public DType readDType(String tensor) { return entry(tensor).type().dtype; }

    /**
     * Reads a tensor.
     *
     * @param tensor
     *            a name in the file
     * @return F32 for BF16, F16, F32, BOOL and integers of at most 16 bits, else F64; every number is exact, and
     *         an integer beyond 2^53 is an error
     */
    @Override
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
        Stored.demandMemory(places.keySet().stream().map(this::entry).mapToLong(t -> t.type().memory(t.shape())).sum(),
                name);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (String tensor : places.keySet())
            tensors.put(tensor, tensor(tensor));
        return tensors;
    }

    private Entry entry(String tensor) { return shard(tensor).header.tensors().get(tensor); }

    private Shard shard(String tensor) {
        Shard shard = places.get(tensor);
        if (shard == null)
            throw new IllegalArgumentException(name + " has no tensor " + tensor + "; it has " + names());
        return shard;
    }

    private interface Reader<T> {
        T read(Entry entry, InputStream in, String what) throws IOException;
    }

    private <T> T read(String tensor, Reader<T> reader) {
        Shard shard = shard(tensor);
        Entry entry = entry(tensor);
        String what = shard.name + ": tensor " + tensor;
        Stored.demandMemory(entry.type().memory(entry.shape()), what);
        try {
            shard.channel.position(Long.BYTES + shard.text.length + entry.begin());
            return reader.read(entry, new BufferedInputStream(Channels.newInputStream(shard.channel)), what);
        } catch (IOException e) {
            throw InputFile.cannot("read", shard.name, e);
        }
    }

    @Override
    public void close() { shards.forEach(Shard::close); }

    // ---- writing

    /** Writes tensors by name; replaces the file when the new one is complete. */
    public static void write(Path file, Map<String, ?> tensors) {
        write(file, tensors, Map.of());
    }

    /**
     * Writes tensors by name, with metadata.
     *
     * @param file
     *            replaced when the new one is complete; missing folders are created
     * @param tensors
     *            {@code Tensor}s, {@code IntTensor}s, which become I64, and {@code Mask}s, which become BOOL, by
     *            any names but {@code __metadata__}
     * @param metadata
     *            strings by name
     */
    public static void write(Path file, Map<String, ?> tensors, Map<String, String> metadata) {
        write(file, tensors, metadata, null);
    }

    /**
     * Writes tensors by name, with metadata; rounds all {@code Tensor}s to one type.
     *
     * @param file
     *            replaced when the new one is complete; missing folders are created
     * @param tensors
     *            as in the other method
     * @param metadata
     *            strings by name
     * @param floats
     *            the type, or null for the type of each tensor; a finite number that would become infinite is an
     *            error
     */
    @SuppressWarnings("exports") // users do not need the annotations
    public static void write(Path file, Map<String, ?> tensors, Map<String, String> metadata,
            @Nullable FloatType floats) {
        var header = SafeTensorsHeader.of(tensors, floats, file.toString());
        byte[] text = withJson(() -> HeaderJson.write(header, metadata, file.toString()));
        AtomicFile.write(file, out -> {
            var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
            out.write(length.array());
            out.write(text);
            for (var e : header.tensors().entrySet())
                e.getValue().type().write(tensors.get(e.getKey()), out, file + ": tensor " + e.getKey());
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
