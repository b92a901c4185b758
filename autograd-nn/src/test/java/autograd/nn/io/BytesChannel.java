package autograd.nn.io;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A file in memory, read from a stream that was not read before. */
final class BytesChannel implements SeekableByteChannel {
    private final ByteArrayInputStream in;
    private final int size;

    BytesChannel(ByteArrayInputStream in) {
        this.in = in;
        this.size = in.available();
    }

    @Override
    public int read(ByteBuffer to) {
        int read = in.read(to.array(), to.arrayOffset() + to.position(), to.remaining());
        to.position(to.position() + Math.max(0, read));
        return read;
    }

    @Override
    public long position() { return size - in.available(); }

    @Override
    public SeekableByteChannel position(long position) {
        in.reset();
        in.skip(position);
        return this;
    }

    @Override
    public long size() { return size; }

    @Override
    public int write(ByteBuffer from) { throw new NonWritableChannelException(); }

    @Override
    public SeekableByteChannel truncate(long size) { throw new NonWritableChannelException(); }

    @Override
    public boolean isOpen() { return true; }

    @Override
    public void close() {}
}
