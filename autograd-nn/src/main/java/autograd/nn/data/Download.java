package autograd.nn.data;

import autograd.nn.io.AtomicFile;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * Gzipped files that mirrors hold and a folder keeps. A file gets its name in the folder when it is whole and
 * its sum is right, at once: whoever sees it may use it, and several programs may fetch it at a time.
 *
 * @param mirrors
 *            where the files may be, the first one that has them all is enough; none forbids downloads
 * @param sums
 *            SHA-256 of each file, unzipped, by its name without {@code .gz}
 * @param cache
 *            the folder
 */
record Download(List<URI> mirrors, Map<String, String> sums, Path cache) {
    private static final int MAX_BYTES = 64 << 20;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;

    /** Whether every file is in the folder. */
    boolean isComplete() {
        return sums.keySet().stream().allMatch(name -> Files.exists(file(name)));
    }

    /** Fetches missing files from the first mirror that has them; an error gives the reason for each mirror. */
    URI fetch() {
        var wrong = new IOException(mirrors.isEmpty() ? "downloads are turned off" : "no mirror could be used");
        for (URI mirror : mirrors)
            try {
                for (String name : sums.keySet())
                    if (!Files.exists(file(name)))
                        fetch(mirror, name);
                return mirror;
            } catch (IOException e) {
                wrong.addSuppressed(e);
            }
        String reasons = String.join("; ", List.of(wrong.getSuppressed()).stream().map(Throwable::getMessage).toList());
        throw new UncheckedIOException(wrong.getMessage() + (reasons.isEmpty() ? "" : " (" + reasons + ")"), wrong);
    }

    private Path file(String name) { return cache.resolve(name + ".gz"); }

    private void fetch(URI mirror, String name) throws IOException {
        URI from = mirror.resolve(name + ".gz");
        try {
            byte[] zipped = get(from);
            String sum = sum(zipped);
            if (!sum.equals(sums.get(name)))
                throw new IOException("its SHA-256 is " + sum + ", not " + sums.get(name));
            AtomicFile.write(file(name), out -> out.write(zipped));
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(from + ": " + e, e);
        }
    }

    private static byte[] get(URI from) throws IOException {
        var connection = from.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        try (InputStream in = connection.getInputStream()) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    /** SHA-256 of the unzipped bytes. */
    private static String sum(byte[] zipped) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(in.readNBytes(MAX_BYTES)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
