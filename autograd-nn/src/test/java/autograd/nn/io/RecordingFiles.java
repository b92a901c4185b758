package autograd.nn.io;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The real file system, with a record of all writes, forces and moves in order. */
final class RecordingFiles extends FileSystemProvider {
    private final Path root;
    private final FileSystem files = new Files();
    private final List<String> calls;

    private RecordingFiles(Path root, List<String> calls) {
        this.root = root;
        this.calls = calls;
    }

    /** The same path, recorded. */
    static Path wrap(Path real, List<String> calls) {
        return new RecordingFiles(real, calls).wrapped(real);
    }

    /** Calls the real path, and converts paths in the result to recorded ones. */
    private Path wrapped(Path real) {
        return (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{Wrapped.class},
                (_, method, arguments) -> {
                    if (method.getName().equals("getFileSystem"))
                        return files;
                    if (method.getName().equals("real"))
                        return real;
                    Object[] plain = arguments == null ? new Object[0] : arguments.clone();
                    for (int i = 0; i < plain.length; i++)
                        if (plain[i] instanceof Wrapped path)
                            plain[i] = path.real();
                    try {
                        Object answer = method.invoke(real, plain);
                        return answer instanceof Path path ? wrapped(path) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private interface Wrapped extends Path {
        Path real();
    }

    private static Path real(Path path) { return path instanceof Wrapped wrapped ? wrapped.real() : path; }

    private FileSystemProvider provider() { return root.getFileSystem().provider(); }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return new Channel(provider().newFileChannel(real(path), options, attributes), real(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        calls.add("move " + source + " " + target);
        provider().move(real(source), real(target), options);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> all = provider().newDirectoryStream(real(dir), path -> filter.accept(wrapped(path)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> paths = all.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() { return paths.hasNext(); }

                    @Override
                    public Path next() { return wrapped(paths.next()); }
                };
            }

            @Override
            public void close() throws IOException { all.close(); }
        };
    }

    @Override
    public String getScheme() { return "recording"; }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) { throw new UnsupportedOperationException(); }

    @Override
    public FileSystem getFileSystem(URI uri) { return files; }

    @Override
    public Path getPath(URI uri) { throw new UnsupportedOperationException(); }

    @Override
    public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options,
            FileAttribute<?>... attributes) throws IOException {
        return provider().newByteChannel(real(path), options, attributes);
    }

    @Override
    public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
        provider().createDirectory(real(dir), attributes);
    }

    @Override
    public void delete(Path path) throws IOException { provider().delete(real(path)); }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        provider().copy(real(source), real(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return provider().isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException { return provider().isHidden(real(path)); }

    @Override
    public FileStore getFileStore(Path path) throws IOException { return provider().getFileStore(real(path)); }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        provider().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return provider().getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return provider().readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
            throws IOException {
        return provider().readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        provider().setAttribute(real(path), attribute, value, options);
    }

    private final class Files extends FileSystem {
        @Override
        public FileSystemProvider provider() { return RecordingFiles.this; }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() { return true; }

        @Override
        public boolean isReadOnly() { return false; }

        @Override
        public String getSeparator() { return root.getFileSystem().getSeparator(); }

        @Override
        public Iterable<Path> getRootDirectories() { return List.of(wrapped(root.getRoot())); }

        @Override
        public Iterable<FileStore> getFileStores() { return root.getFileSystem().getFileStores(); }

        @Override
        public Set<String> supportedFileAttributeViews() { return root.getFileSystem().supportedFileAttributeViews(); }

        @Override
        public Path getPath(String first, String... more) { return wrapped(root.getFileSystem().getPath(first, more)); }

        @Override
        public PathMatcher getPathMatcher(String pattern) { throw new UnsupportedOperationException(); }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() { throw new UnsupportedOperationException(); }

        @Override
        public WatchService newWatchService() { throw new UnsupportedOperationException(); }
    }

    private final class Channel extends FileChannel {
        private final FileChannel real;
        private final Path path;

        Channel(FileChannel real, Path path) {
            this.real = real;
            this.path = path;
        }

        private void written() { calls.add("write " + name()); }

        private Path name() { return path.equals(root) ? path : path.getFileName(); }

        @Override
        public int write(ByteBuffer from) throws IOException {
            written();
            return real.write(from);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            calls.add("force " + name() + " " + metaData);
            real.force(metaData);
        }

        @Override
        public int read(ByteBuffer to) throws IOException { return real.read(to); }

        @Override
        public long read(ByteBuffer[] to, int offset, int length) throws IOException {
            return real.read(to, offset, length);
        }

        @Override
        public long write(ByteBuffer[] from, int offset, int length) throws IOException {
            written();
            return real.write(from, offset, length);
        }

        @Override
        public long position() throws IOException { return real.position(); }

        @Override
        public FileChannel position(long position) throws IOException {
            real.position(position);
            return this;
        }

        @Override
        public long size() throws IOException { return real.size(); }

        @Override
        public FileChannel truncate(long size) throws IOException {
            real.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
            written();
            return real.transferFrom(from, position, count);
        }

        @Override
        public int read(ByteBuffer to, long position) throws IOException { return real.read(to, position); }

        @Override
        public int write(ByteBuffer from, long position) throws IOException {
            written();
            return real.write(from, position);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return real.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return real.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return real.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException { real.close(); }
    }
}
