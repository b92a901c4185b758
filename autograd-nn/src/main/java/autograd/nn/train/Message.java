package autograd.nn.train;

import java.io.ByteArrayOutputStream;

/** A message in the encoding of protocol buffers: keys, each with a value. */
final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A varint: seven bits in each byte, the low ones first; the eighth bit means that more follow. */
    Message varint(long value) {
        long rest = value;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7)
            out.write((int) (rest & 0x7F | 0x80));
        out.write((int) rest);
        return this;
    }

    Message bytes(int key, byte[] value) {
        varint(key).varint(value.length);
        out.writeBytes(value);
        return this;
    }

    Message number(int key, long value) { return varint(key).varint(value); }

    Message number(int key, double value) {
        varint(key);
        out.writeBytes(TensorBoardLog.little(Double.BYTES).putDouble(value).array());
        return this;
    }

    Message number(int key, float value) {
        varint(key);
        out.writeBytes(TensorBoardLog.little(Float.BYTES).putFloat(value).array());
        return this;
    }

    byte[] encoded() { return out.toByteArray(); }
}
