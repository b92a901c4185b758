package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.nn.data.Idx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedDigitsTest {
    private static final String IMAGES = "digits-images-idx3-ubyte.gz";
    private static final String LABELS = "digits-labels-idx1-ubyte.gz";

    @Test
    void theEmbeddedDigitsAreTheOnesMade() throws Exception {
        Idx images = resource(IMAGES);
        Idx labels = resource(LABELS);
        assertArrayEquals(new int[]{10_000, 28, 28}, images.dims());
        assertArrayEquals(new int[]{10_000}, labels.dims());
        assertEquals("7f459d03a3e586c4e23fa646ed92f35bc100c6d0ca68d12c8e6ce943017de949", sha256(images));
        assertEquals("9713230e7fd8571b17c4fe46e17c572fbe03ad28c916e9eaf06b15146d081997", sha256(labels));
    }

    @Test
    void everyDigitIsAmongTheLastTwoThousand() throws IOException {
        byte[] labels = resource(LABELS).data();
        for (int digit = 0; digit < 10; digit++) {
            int wanted = digit;
            long count = IntStream.range(8_000, 10_000).filter(i -> labels[i] == wanted).count();
            assertTrue(count > 150, digit + " is there " + count + " times");
        }
    }

    @Test
    void everyPixelValueSurvivesRoundingToThreeDecimals(@TempDir Path folder) throws IOException {
        for (int digit = 0; digit < 10; digit++) {
            int first = digit; // image i of digit d has the pixels d, d + 1, ... modulo 256
            write(folder, digit, IntStream.range(0, 2 * 784).mapToObj(i -> decimals((first + i % 784) % 256)));
        }
        EmbedDigits.embed(folder, folder.resolve("made"));
        Idx images = Idx.read(folder.resolve("made").resolve(IMAGES));
        Idx labels = Idx.read(folder.resolve("made").resolve(LABELS));
        assertArrayEquals(new int[]{20, 28, 28}, images.dims());
        for (int i = 0; i < images.data().length; i++) {
            assertEquals((labels.data()[i / 784] + i % 784) % 256, images.data()[i] & 0xFF);
        }
    }

    @Test
    void theSameFilesAreMadeEveryTime(@TempDir Path folder) throws IOException {
        for (int digit = 0; digit < 10; digit++) {
            write(folder, digit, IntStream.range(0, 784).mapToObj(i -> decimals(i % 256)));
        }
        EmbedDigits.embed(folder, folder.resolve("a"));
        EmbedDigits.embed(folder, folder.resolve("b"));
        for (String name : new String[]{IMAGES, LABELS}) {
            assertEquals(-1, Files.mismatch(folder.resolve("a").resolve(name), folder.resolve("b").resolve(name)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[0]", "{ \"data\": [0.5] }", "{ \"data\": [2] }", "{ \"data\": [-1] }",
            "{ \"data\": [0.001] }", "{ \"data\": [null] }", "{ \"data\": [0 0] }", "{ \"data\": ["})
    void refusesInvalidDigits(String text, @TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("src/digits"));
        Files.writeString(folder.resolve("src/digits/0.json"), text);
        var e = assertThrows(IllegalArgumentException.class, () -> EmbedDigits.embed(folder, folder));
        assertTrue(e.getMessage().contains("0.json"), e.getMessage());
    }

    private static String decimals(int pixel) {
        return String.format(Locale.ROOT, "%.3f", pixel / 255.0).replaceAll("\\.?0+$", "");
    }

    private static void write(Path folder, int digit, Stream<String> values) throws IOException {
        Files.createDirectories(folder.resolve("src/digits"));
        Files.writeString(folder.resolve("src/digits/" + digit + ".json"),
                values.collect(Collectors.joining(",", "{ \"data\": [", "] }")));
    }

    private static Idx resource(String name) throws IOException {
        try (var in = EmbedDigits.class.getResourceAsStream("/META-INF/autograd/" + name)) {
            return Idx.read(in, name);
        }
    }

    private static String sha256(Idx idx) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(idx.data()));
    }
}
