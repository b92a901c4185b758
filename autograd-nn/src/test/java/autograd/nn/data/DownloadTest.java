package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** Downloads from a server of its own: no test asks the network. */
class DownloadTest {
    private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, (byte) 255};
    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 1, 7};
    private static final Map<String, byte[]> FILES = new TreeMap<>(Map.of( //
            "train-images-idx3-ubyte", IMAGES, "train-labels-idx1-ubyte", LABELS, //
            "t10k-images-idx3-ubyte", IMAGES, "t10k-labels-idx1-ubyte", LABELS));
    private static final Split<Tensor, IntTensor> NONE = Dataset.of(Tensor.zeros(0, 2), IntTensor.of()).split(1);

    @TempDir
    private Path folder;
    private HttpServer server;
    private Path cache;
    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeEach
    void serve() throws IOException {
        cache = folder.resolve("a/b");
        for (var file : FILES.entrySet())
            served.put("/good/" + file.getKey() + ".gz", zip(file.getValue()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] bytes = served.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(bytes == null ? 404 : 200, bytes == null ? -1 : bytes.length);
            if (bytes != null)
                exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() { server.stop(0); }

    private URI mirror(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + path + "/");
    }

    private Download download(String... mirrors) {
        var sums = new TreeMap<String, String>();
        FILES.forEach((name, bytes) -> sums.put(name, sha256(bytes)));
        return new Download(Arrays.stream(mirrors).map(this::mirror).toList(), sums, cache);
    }

    private List<String> cached() throws IOException {
        try (var files = Files.list(Files.createDirectories(cache))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aMirrorFillsTheCacheAndTheCacheIsUsed() throws IOException {
        Mnist first = Mnist.load(null, download("good"), () -> NONE);
        assertEquals("the mirror localhost", first.source());
        assertArrayEquals(new float[]{0, 1}, first.train().all().x().toFloatArray());
        assertEquals(FILES.keySet().stream().map(name -> name + ".gz").toList(), cached());
        assertEquals(4, requests.get());
        Mnist second = Mnist.load(null, download("good"), () -> NONE);
        assertEquals("the cache " + cache, second.source());
        assertEquals(1, second.test().size());
        assertEquals(4, requests.get());
    }

    @Test
    void fallsBackToTheNextMirror() throws IOException {
        served.put("/half/t10k-images-idx3-ubyte.gz", served.get("/good/t10k-images-idx3-ubyte.gz"));
        assertEquals(mirror("good"), download("half", "good").fetch());
        assertEquals(4, cached().size());
    }

    @Test
    void aWrongSumIsRefused() throws IOException {
        served.put("/bad/t10k-images-idx3-ubyte.gz", zip(LABELS));
        assertSays(assertThrows(UncheckedIOException.class, download("bad")::fetch), "t10k-images-idx3-ubyte.gz",
                "SHA-256 is " + sha256(LABELS), "not " + sha256(IMAGES));
        assertEquals(List.of(), cached());
    }

    @Test
    void truncatedOrUnzippedFilesAreRefused() throws IOException {
        byte[] whole = zip(IMAGES);
        for (byte[] wrong : new byte[][]{Arrays.copyOf(whole, whole.length - 9), "<html>".getBytes(), {}}) {
            served.put("/bad/t10k-images-idx3-ubyte.gz", wrong);
            assertSays(assertThrows(UncheckedIOException.class, download("bad")::fetch), "t10k-images-idx3-ubyte.gz");
            assertEquals(List.of(), cached());
        }
    }

    @Test
    void failedDownloadFallsBackToEmbeddedDigitsWithTheReason() {
        assertSource(Mnist.load(null, download("nowhere", "bad"), () -> NONE), "embedded digits", "no mirror",
                mirror("nowhere").toString(), mirror("bad").toString());
        server.stop(0);
        assertSource(Mnist.load(null, download("good"), () -> NONE), "embedded digits", "ConnectException");
        assertSource(Mnist.load(null, download(), () -> NONE), "embedded digits", "downloads are turned off");
        assertEquals(0, Mnist.load(null, download(), () -> NONE).train().size());
    }

    private static void assertSource(Mnist digits, String... parts) {
        for (String part : parts)
            assertTrue(digits.source().contains(part), () -> part + " is not in: " + digits.source());
    }

    @ParameterizedTest
    @CsvSource({"download,no", "download,''", "download,False", "cache,''", "cache,' '", "cache,FILE"})
    void propertiesThatCannotBeAreNamed(String name, String value) throws IOException {
        String property = "autograd." + name, before = System.getProperty(property);
        String set = value.equals("FILE") ? Files.createFile(folder.resolve("file")).toString() : value;
        System.setProperty(property, set);
        try {
            for (int use = 0; use < 2; use++)
                assertSays(assertThrows(IllegalArgumentException.class, () -> Mnist.load(null)),
                        "-D" + property + "=" + set + " ");
        } finally {
            if (before == null)
                System.clearProperty(property);
            else
                System.setProperty(property, before);
        }
    }

    @Test
    void testsMayNotDownload() { assertFalse(Boolean.parseBoolean(System.getProperty("autograd.download", "true"))); }

    @Test
    void theGivenFolderComesFirstAndMustBeRight() {
        download("good").fetch();
        assertEquals("the folder " + cache, Mnist.load(cache, download("good"), () -> NONE).source());
        assertSays(assertThrows(UncheckedIOException.class,
                () -> Mnist.load(folder.resolve("c"), download("good"), () -> NONE)), "does not exist");
    }

    @Test
    void severalMayFetchAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            Callable<Mnist> load = () -> Mnist.load(null, download("good"), () -> NONE);
            for (var digits : threads.invokeAll(Collections.nCopies(4, load)))
                assertEquals(1, digits.get().train().size());
        }
        assertEquals(4, cached().size());
    }

    private static byte[] zip(byte[] bytes) {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
