package autograd.nn.io;

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
 * What a file's numbers are, by the names of safetensors. Read, each becomes exactly the same number: of F32
 * if all numbers of the type are, else of F64.
 */
enum Stored {
    BOOL("b1", 1, DType.F32), U8("u1", 1, DType.F32), I8("i1", 1, DType.F32), I16("i2", 2, DType.F32), U16("u2", 2,
            DType.F32), F16("f2", 2, DType.F32), BF16("bfloat16", 2, DType.F32), I32("i4", 4, DType.F64), U32("u4", 4,
                    DType.F64), F32("f4", 4,
                            DType.F32), F64("f8", 8, DType.F64), I64("i8", 8, DType.F64), U64("u8", 8, DType.F64);

    /** As many as NumPy allows. */
    static final int MAX_RANK = 64;
    private static final long EXACT_IN_F64 = 1L << 53;
    private static final int CHUNK = 1 << 13;

    /** What NumPy calls it, without the order of bytes. */
    final String numpy;
    /** Bytes. */
    final int size;
    /** What it is read as. */
    final DType dtype;

    Stored(String numpy, int size, DType dtype) {
        this.numpy = numpy;
        this.size = size;
        this.dtype = dtype;
    }

    /** How a tensor is written. */
    static Stored of(Tensor x) { return x.dtype() == DType.F32 ? F32 : F64; }

    /** The shape with these extents, if an array can have it; else an error that begins with a text. */
    static Shape shape(List<Long> dims, String what) {
        if (dims.size() > MAX_RANK)
            throw new IllegalArgumentException(
                    what + " has " + dims.size() + " axes, at most " + MAX_RANK + " are read");
        if (dims.stream().anyMatch(d -> d < 0 || d > Integer.MAX_VALUE))
            throw new IllegalArgumentException(what + " has shape " + dims + "; extents must be 0 .. 2^31 - 1");
        try {
            return Shape.of(dims.stream().mapToInt(Long::intValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
        }
    }

    /** How many bytes of a file an array of this type takes. */
    long bytes(Shape shape) {
        return (long) size * shape.size();
    }

    /** How many bytes of memory an array that was read takes. */
    long memory(Shape shape) {
        return (dtype == DType.F32 ? 4L : 8L) * shape.size();
    }

    /** Refuses what takes more than half of the memory there can be, before anything is allocated. */
    static void demandMemory(long bytes, String what) {
        long most = Runtime.getRuntime().maxMemory() / 2;
        if (bytes > most)
            throw new IllegalArgumentException(what + " would take " + bytes + " bytes of memory, more than " + most
                    + ", half of what the JVM may use; check that it is the file you mean, or give more with -Xmx");
    }

    /** Writes a tensor's numbers, row-major, the low byte of each first. */
    static void write(Tensor x, OutputStream out) throws IOException {
        var buffer = ByteBuffer.allocate(CHUNK * 8).order(ByteOrder.LITTLE_ENDIAN);
        boolean single = x.dtype() == DType.F32;
        float[] floats = single ? x.toFloatArray() : new float[0];
        double[] doubles = single ? new double[0] : x.toDoubleArray();
        for (int i = 0, n; i < x.size(); i += n) {
            n = Math.min(CHUNK, x.size() - i);
            if (single)
                buffer.asFloatBuffer().put(floats, i, n);
            else
                buffer.asDoubleBuffer().put(doubles, i, n);
            out.write(buffer.array(), 0, n * of(x).size);
        }
    }

    /**
     * Reads numbers that lie row-major.
     *
     * @param in
     *            known to be long enough, by what its header and its directory say
     * @param order
     *            of the bytes of a number
     * @param shape
     *            of the array
     * @param what
     *            begins messages
     */
    NdArray read(InputStream in, ByteOrder order, Shape shape, String what) throws IOException {
        float[] floats = new float[dtype == DType.F32 ? shape.size() : 0];
        double[] doubles = new double[dtype == DType.F64 ? shape.size() : 0];
        byte[] bytes = new byte[Math.min(CHUNK, shape.size()) * size];
        var buffer = ByteBuffer.wrap(bytes).order(order);
        for (int i = 0, n; i < shape.size(); i += n) {
            n = Math.min(CHUNK, shape.size() - i);
            if (in.readNBytes(bytes, 0, n * size) < n * size)
                throw new IllegalArgumentException(what + " is truncated: it ends within its numbers; fetch it again");
            if (this == F32)
                buffer.asFloatBuffer().get(floats, i, n);
            else if (this == F64)
                buffer.asDoubleBuffer().get(doubles, i, n);
            else
                for (int k = 0; k < n; k++) {
                    double value = number(buffer, k * size, what);
                    if (dtype == DType.F32)
                        floats[i + k] = (float) value;
                    else
                        doubles[i + k] = value;
                }
        }
        return dtype == DType.F32 ? NdArray.of(floats, shape) : NdArray.of(doubles, shape);
    }

    private double number(ByteBuffer buffer, int at, String what) {
        return switch (this) {
            case BOOL -> exact(buffer.get(at) & 0xFF, 1, what);
            case U8 -> buffer.get(at) & 0xFF;
            case I8 -> buffer.get(at);
            case I16 -> buffer.getShort(at);
            case U16 -> buffer.getShort(at) & 0xFFFF;
            case F16 -> Float.float16ToFloat(buffer.getShort(at));
            case BF16 -> Float.intBitsToFloat(buffer.getShort(at) << 16);
            case I32 -> buffer.getInt(at);
            case U32 -> buffer.getInt(at) & 0xFFFF_FFFFL;
            case F32 -> buffer.getFloat(at);
            case F64 -> buffer.getDouble(at);
            case I64 -> Math.copySign(exact(Math.abs(buffer.getLong(at)), EXACT_IN_F64, what), buffer.getLong(at));
            case U64 -> exact(buffer.getLong(at), EXACT_IN_F64, what);
        };
    }

    /** A number, if it is 0 .. max. */
    private double exact(long value, long max, String what) {
        if (value < 0 || value > max) // what is negative was too large
            throw new IllegalArgumentException(what + " holds " + Long.toUnsignedString(value) + " as " + this
                    + "; only numbers up to " + max + " are read");
        return value;
    }
}
