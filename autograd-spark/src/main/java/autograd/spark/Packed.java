package autograd.spark;

import autograd.Tensor;
import autograd.array.DType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of several tensors one after the other, those of F32 and those of F64: what is sent over the
 * network.
 */
record Packed(float[] floats, double[] doubles) {
    static Packed of(Iterable<? extends Tensor> tensors) {
        int floats = 0, doubles = 0;
        for (Tensor t : tensors)
            if (t.dtype() == DType.F32)
                floats += t.size();
            else
                doubles += t.size();
        var packed = new Packed(new float[floats], new double[doubles]);
        floats = doubles = 0;
        for (Tensor t : tensors)
            if (t.dtype() == DType.F32) {
                System.arraycopy(t.toFloatArray(), 0, packed.floats, floats, t.size());
                floats += t.size();
            } else {
                System.arraycopy(t.toDoubleArray(), 0, packed.doubles, doubles, t.size());
                doubles += t.size();
            }
        return packed;
    }

    /** The tensors that were packed, given some of the same shapes and dtypes. */
    List<Tensor> unpack(Iterable<? extends Tensor> like) {
        List<Tensor> tensors = new ArrayList<>();
        int f = 0, d = 0;
        for (Tensor t : like) {
            int[] dims = t.shape().dims();
            if (t.dtype() == DType.F32)
                tensors.add(Tensor.of(Arrays.copyOfRange(floats, f, f += t.size()), dims));
            else
                tensors.add(Tensor.of(DType.F64, Arrays.copyOfRange(doubles, d, d += t.size()), dims));
        }
        if (f != floats.length || d != doubles.length)
            throw new IllegalStateException("there are " + floats.length + " and " + doubles.length
                    + " numbers, the model here has " + f + " and " + d
                    + ": the function that makes the model must make the same one on driver and executors");
        return tensors;
    }

    /** What lies between two, number by number: {@code a + (b - a) * weight}, exactly a if both are the same. */
    static Packed between(Packed a, Packed b, double weight) {
        float[] floats = new float[a.floats.length];
        for (int i = 0; i < floats.length; i++)
            floats[i] = (float) (a.floats[i] + ((double) b.floats[i] - a.floats[i]) * weight);
        double[] doubles = new double[a.doubles.length];
        for (int i = 0; i < doubles.length; i++)
            doubles[i] = a.doubles[i] + (b.doubles[i] - a.doubles[i]) * weight;
        return new Packed(floats, doubles);
    }

    int bytes() { return 2 * Integer.BYTES + floats.length * Float.BYTES + doubles.length * Double.BYTES; }

    void write(ByteBuffer to) {
        to.putInt(floats.length).putInt(doubles.length);
        to.asFloatBuffer().put(floats);
        to.position(to.position() + floats.length * Float.BYTES);
        to.asDoubleBuffer().put(doubles);
        to.position(to.position() + doubles.length * Double.BYTES);
    }

    static Packed read(ByteBuffer from) {
        var packed = new Packed(new float[from.getInt()], new double[from.getInt()]);
        from.asFloatBuffer().get(packed.floats);
        from.position(from.position() + packed.floats.length * Float.BYTES);
        from.asDoubleBuffer().get(packed.doubles);
        from.position(from.position() + packed.doubles.length * Double.BYTES);
        return packed;
    }

    byte[] toBytes() {
        ByteBuffer to = buffer(new byte[bytes()]);
        write(to);
        return to.array();
    }

    static Packed of(byte[] bytes) { return read(buffer(bytes)); }

    static ByteBuffer buffer(byte[] bytes) { return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN); }
}
