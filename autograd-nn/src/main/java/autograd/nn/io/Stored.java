package autograd.nn.io;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Shape;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The type of numbers in a file, by the names of safetensors. Reading is exact: the numbers become F32 if F32
 * can represent all numbers of the type, else F64.
 */
enum Stored {
    BOOL("b1", 1, DType.F32), U8("u1", 1, DType.F32), I8("i1", 1, DType.F32), I16("i2", 2, DType.F32), U16("u2", 2,
            DType.F32), F16("f2", 2, DType.F32), BF16("bfloat16", 2, DType.F32), I32("i4", 4, DType.F64), U32("u4", 4,
                    DType.F64), F32("f4", 4,
                            DType.F32), F64("f8", 8, DType.F64), I64("i8", 8, DType.F64), U64("u8", 8, DType.F64);

    /** NumPy's maximal number of axes. */
    static final int MAX_RANK = 64;
    private static final long EXACT_IN_F64 = 1L << 53;
    private static final int CHUNK = 1 << 13;

    /** NumPy's name, without the byte order. */
    final String numpy;
    /** The width in bytes. */
    final int size;
    /** The dtype after reading. */
    final DType dtype;

    Stored(String numpy, int size, DType dtype) {
        this.numpy = numpy;
        this.size = size;
        this.dtype = dtype;
    }

    /** The type that represents a tensor exactly. */
    static Stored of(Tensor x) {
        return x.dtype() == DType.F32 ? F32 : F64;
    }

    /** Throws for a tensor that NumPy and this library could not read. */
    static void demandRank(int rank, String what) {
        if (rank > MAX_RANK)
            throw new IllegalArgumentException(what + " has " + rank + " axes; files hold at most " + MAX_RANK);
    }

    /** The shape with these extents, if an array can have it; else an error that begins with a text. */
    static Shape shape(List<Long> dims, String what) {
        demandRank(dims.size(), what);
        if (dims.stream().anyMatch(d -> d < 0 || d > Integer.MAX_VALUE))
            throw new IllegalArgumentException(what + " has shape " + dims + "; extents must be 0 .. 2^31 - 1");
        try {
            return Shape.of(dims.stream().mapToInt(Long::intValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /** The number of bytes that an array of this type takes in a file. */
    long bytes(Shape shape) {
        return (long) size * shape.size();
    }

    /** The number of bytes of memory that an array takes after reading. */
    long memory(Shape shape) {
        return (dtype == DType.F32 ? 4L : 8L) * shape.size();
    }

    /** Throws, before memory is allocated, if an array would take more than half of the JVM's memory. */
    static void demandMemory(long bytes, String what) {
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (bytes > most)
            throw new IllegalArgumentException(what + " would take " + bytes + " bytes of memory, more than " + most
                    + ", half of what the JVM may use; check that it is the file you mean, or give more with -Xmx");
    }

    /** Puts numbers, starting at an index, into a buffer. */
    private interface Source {
        void put(ByteBuffer bytes, int from, int count);
    }

    private void write(int size, OutputStream out, Source source) throws IOException {
        var buffer = ByteBuffer.allocate(CHUNK * this.size).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0, n; from < size; from += n) {
            n = Math.min(CHUNK, size - from);
            source.put(buffer, from, n);
            out.write(buffer.array(), 0, n * this.size);
        }
    }

    /**
     * Writes the numbers of a {@code Tensor}, an {@code IntTensor} or a {@code Mask} as this type, row-major and
     * little-endian; messages begin with {@code what}.
     */
    void write(Object x, OutputStream out, String what) throws IOException {
        switch (x) {
            case Tensor t -> writeFloats(t, out, what);
            case IntTensor i -> writeInts(i.toArray(), out);
            case Mask m -> writeTruths(m.toArray(), out);
            default -> throw new AssertionError(x.getClass());
        }
    }

    private void writeFloats(Tensor x, OutputStream out, String what) throws IOException {
        if (x.dtype() == DType.F32) {
            float[] floats = x.toFloatArray();
            write(x.size(), out, (bytes, from, n) -> {
                if (this == F32)
                    bytes.asFloatBuffer().put(floats, from, n);
                else
                    for (int k = 0; k < n; k++)
                        put(bytes, k, floats[from + k], floats[from + k], what);
            });
        } else {
            double[] doubles = x.toDoubleArray();
            write(x.size(), out, (bytes, from, n) -> {
                if (this == F64)
                    bytes.asDoubleBuffer().put(doubles, from, n);
                else
                    for (int k = 0; k < n; k++)
                        put(bytes, k, doubles[from + k],
                                this == F32 ? (float) doubles[from + k] : odd(doubles[from + k]), what);
            });
        }
    }

    private void writeInts(int[] ints, OutputStream out) throws IOException {
        write(ints.length, out, (bytes, from, n) -> {
            for (int k = 0; k < n; k++)
                bytes.putLong(8 * k, ints[from + k]);
        });
    }

    private void writeTruths(boolean[] truths, OutputStream out) throws IOException {
        write(truths.length, out, (bytes, from, n) -> {
            for (int k = 0; k < n; k++)
                bytes.put(k, (byte) (truths[from + k] ? 1 : 0));
        });
    }

    /** Puts a number rounded to F32; throws if a finite number would become infinite. */
    private void put(ByteBuffer bytes, int k, double exact, float value, String what) {
        float read;
        switch (this) {
            case F16 -> {
                short bits = Float.floatToFloat16(value);
                bytes.putShort(2 * k, bits);
                read = Float.float16ToFloat(bits);
            }
            case BF16 -> {
                int bits = Float.floatToRawIntBits(value); // a NaN keeps its leading bits, of which one must be 1
                int rounded = Float.isNaN(value) ? bits | 1 << 22 : bits + 0x7FFF + (bits >>> 16 & 1);
                bytes.putShort(2 * k, (short) (rounded >>> 16));
                read = Float.intBitsToFloat(rounded & 0xFFFF0000);
            }
            case F32 -> bytes.putFloat(4 * k, read = value);
            case F64 -> {
                bytes.putDouble(8 * k, exact);
                read = value;
            }
            default -> throw new AssertionError(this + " does not hold floats");
        }
        if (Float.isInfinite(read) && !Double.isInfinite(exact))
            throw new IllegalArgumentException(what + " holds " + exact + ", which is beyond the numbers of " + this);
    }

    /** Rounds to F32, to odd, so that rounding to a shorter type afterwards is exact. */
    private static float odd(double exact) {
        float near = (float) exact;
        if (near == exact || Double.isNaN(exact))
            return near;
        float cut = Math.abs((double) near) > Math.abs(exact) ? Math.nextAfter(near, 0) : near;
        return Float.intBitsToFloat(Float.floatToRawIntBits(cut) | 1);
    }

    /** Takes a chunk of a file: numbers starting at an index. */
    private interface Chunk {
        void read(ByteBuffer bytes, int from, int count);
    }

    /** Reads row-major numbers, a chunk at a time; messages begin with {@code what}. */
    private void read(InputStream in, ByteOrder order, Shape shape, String what, Chunk chunk) throws IOException {
        byte[] bytes = new byte[Math.min(CHUNK, shape.size()) * size];
        var buffer = ByteBuffer.wrap(bytes).order(order);
        for (int from = 0, n; from < shape.size(); from += n) {
            n = Math.min(CHUNK, shape.size() - from);
            if (in.readNBytes(bytes, 0, n * size) < n * size)
                throw new IllegalArgumentException(what + " is truncated: it ends within its numbers; fetch it again");
            chunk.read(buffer, from, n);
        }
    }

    /**
     * Reads row-major numbers.
     *
     * @param in
     *            a stream that is long enough, according to its header and directory
     * @param order
     *            the byte order
     * @param shape
     *            the shape of the array
     * @param what
     *            the beginning of messages
     */
    NdArray read(InputStream in, ByteOrder order, Shape shape, String what) throws IOException {
        if (dtype == DType.F32) {
            float[] floats = new float[shape.size()];
            read(in, order, shape, what, (bytes, from, n) -> toFloats(bytes, floats, from, n, what));
            return NdArray.of(floats, shape);
        }
        double[] doubles = new double[shape.size()];
        read(in, order, shape, what, (bytes, from, n) -> toDoubles(bytes, doubles, from, n, what));
        return NdArray.of(doubles, shape);
    }

    private void toFloats(ByteBuffer bytes, float[] to, int from, int n, String what) {
        switch (this) {
            case F32 -> bytes.asFloatBuffer().get(to, from, n);
            case F16 -> {
                for (int k = 0; k < n; k++)
                    to[from + k] = Float.float16ToFloat(bytes.getShort(2 * k));
            }
            case BF16 -> {
                for (int k = 0; k < n; k++)
                    to[from + k] = Float.intBitsToFloat(bytes.getShort(2 * k) << 16);
            }
            default -> {
                for (int k = 0; k < n; k++)
                    to[from + k] = integer(bytes, k * size, Short.MIN_VALUE, this == BOOL ? 1 : 0xFFFF, what);
            }
        }
    }

    private void toDoubles(ByteBuffer bytes, double[] to, int from, int n, String what) {
        if (this == F64)
            bytes.asDoubleBuffer().get(to, from, n);
        else
            for (int k = 0; k < n; k++)
                to[from + k] = integer(bytes, k * size, -EXACT_IN_F64, EXACT_IN_F64, what);
    }

    /** Reads row-major integers of 32 bits. */
    int[] readInts(InputStream in, ByteOrder order, Shape shape, String what) throws IOException {
        if (isFloat() || this == BOOL)
            throw new IllegalArgumentException(what + " is of " + this + "; only integers can be read as such");
        int[] ints = new int[shape.size()];
        read(in, order, shape, what, (bytes, from, n) -> {
            for (int k = 0; k < n; k++)
                ints[from + k] = (int) integer(bytes, k * size, Integer.MIN_VALUE, Integer.MAX_VALUE, what);
        });
        return ints;
    }

    /** Reads row-major truth values. */
    boolean[] readBooleans(InputStream in, ByteOrder order, Shape shape, String what) throws IOException {
        if (this != BOOL)
            throw new IllegalArgumentException(what + " is of " + this + "; only BOOL can be read as a mask");
        boolean[] truths = new boolean[shape.size()];
        read(in, order, shape, what, (bytes, from, n) -> {
            for (int k = 0; k < n; k++)
                truths[from + k] = integer(bytes, k, 0, 1, what) == 1;
        });
        return truths;
    }

    private boolean isFloat() { return this == F16 || this == BF16 || this == F32 || this == F64; }

    /** The integer at a position; throws if it is out of range. */
    private long integer(ByteBuffer buffer, int at, long min, long max, String what) {
        long number = switch (this) {
            case BOOL, U8 -> buffer.get(at) & 0xFF;
            case I8 -> buffer.get(at);
            case I16 -> buffer.getShort(at);
            case U16 -> buffer.getShort(at) & 0xFFFF;
            case I32 -> buffer.getInt(at);
            case U32 -> buffer.getInt(at) & 0xFFFF_FFFFL;
            case I64, U64 -> buffer.getLong(at);
            case F16, BF16, F32, F64 -> throw new AssertionError(this + " does not hold integers");
        };
        boolean beyond = this == U64 && number < 0; // unsigned, it is 2^63 or more
        if (beyond || number < min || number > max)
            throw new IllegalArgumentException(what + " holds "
                    + (beyond ? Long.toUnsignedString(number) : Long.toString(number)) + " as " + this
                    + "; only numbers from " + min + " to " + max + " are read");
        return number;
    }
}
