package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;

/** Images of all kinds, made by Pillow or by hand, have the numbers that they should. */
class PixelsTest {
    private static final float ROUNDING = 1e-6f;

    @TempDir
    private Path folder;

    private static Path fixture(String name) {
        try {
            return Path.of(PixelsTest.class.getResource("/images/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertPlane(Pixels pixels, int channel, double... expected) {
        float[] plane = pixels.planes()[channel];
        assertEquals(expected.length, plane.length);
        for (int i = 0; i < plane.length; i++)
            assertEquals(expected[i], plane[i], ROUNDING, () -> Arrays.toString(plane));
    }

    @Test
    void sixteenBitsAreKept() {
        assertPlane(Pixels.read(fixture("grey16.png"), 1), 0, 0, 1 / 65535., 257 / 65535., 32768 / 65535., 1);
        Pixels colours = Pixels.read(fixture("rgb16.png"), 3);
        assertPlane(colours, 0, 0, 32768 / 65535.);
        assertPlane(colours, 1, 1 / 65535., 1);
        assertPlane(colours, 2, 257 / 65535., 40000 / 65535.);
        assertPlane(Pixels.read(fixture("rgb16.png"), 1), 0, (0.587 + 0.114 * 257) / 65535,
                (0.299 * 32768 + 0.587 * 65535 + 0.114 * 40000) / 65535);
        assertPlane(Pixels.read(fixture("grey16.png"), 1).scaled(1, 1), 0, (1 + 257 + 32768 + 65535) / 5. / 65535);
    }

    @Test
    void fewBitsAndPalettesAreRead() {
        assertPlane(Pixels.read(fixture("grey2.png"), 1), 0, 0, 85 / 255., 170 / 255., 1);
        Pixels palette = Pixels.read(fixture("palette.png"), 3); // red, and a blue that is transparent
        assertPlane(palette, 0, 1, 1);
        assertPlane(palette, 1, 0, 1);
        assertPlane(palette, 2, 0, 1);
    }

    /** At any size. */
    @Test
    void transparentPixelsGetAWhiteBackground() throws IOException {
        Pixels alpha = Pixels.read(fixture("greyalpha8.png"), 1); // white and black transparent, then a grey
        assertPlane(alpha, 0, 1, 1, 100 / 255.);
        assertPlane(alpha.scaled(2, 1), 0, (2 + 100 / 255.) / 3, (2 + 100 / 255.) / 3);
        Pixels half = Pixels.read(fixture("rgba16.png"), 3); // a red half transparent, a magenta opaque
        double a = 32768 / 65535., rest = 1 - a; // the second is (1, 0, 0) at alpha 1
        assertPlane(half, 0, 1, 1);
        assertPlane(half, 1, 1, 0);
        assertPlane(half, 2, a + rest, 0);
        assertPlane(Pixels.read(fixture("greytrns.png"), 1), 0, 1, 8 / 255.);
        assertPlane(Pixels.read(fixture("grey16trns.png"), 1), 0, 1, 40000 / 65535.);
        var image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 16; i++)
            image.setRGB(i % 4, i / 4, 0x00FFFFFF); // transparent white
        Path file = folder.resolve("a.png");
        ImageIO.write(image, "png", file.toFile());
        for (int size : new int[]{1, 3, 4, 7})
            for (float[] plane : Pixels.read(file, 3).scaled(size, size).planes())
                for (float value : plane)
                    assertEquals(1, value);
    }

    /** Each pixel of the original counts by the area it has in common with the new one. */
    @Test
    void scalingTakesMeansOverAreas() {
        var image = new Pixels(2, 3, new float[][]{{0, 1, 0, 0, 0.5f, 0.25f}});
        assertPlane(image.scaled(1, 1), 0, 1.75 / 6);
        assertPlane(image.scaled(2, 1), 0, 1 / 3., 0.75 / 3);
        assertPlane(image.scaled(1, 3), 0, 0, 0.75, 0.125);
        assertPlane(image.scaled(2, 2), 0, 0.5 / 1.5, 0.5 / 1.5, 0.25 / 1.5, 0.5 / 1.5);
        assertPlane(image.scaled(2, 6), 0, 0, 0, 1, 1, 0, 0, 0, 0, 0.5, 0.5, 0.25, 0.25);
        assertEquals(image, image.scaled(2, 3));
    }

    @Test
    void aThinLineDoesNotVanish() {
        float[] line = new float[100 * 100];
        for (int y = 0; y < 100; y++)
            line[y * 100 + 49] = 1;
        assertPlane(new Pixels(100, 100, new float[][]{line}).scaled(1, 4), 0, 0, 1 / 25., 0, 0);
    }

    /** However it was turned and mirrored when it was taken, it is upright. */
    @ParameterizedTest
    @CsvSource({"1,2,3,0 50 100 150 200 250", "2,2,3,100 50 0 250 200 150", "3,2,3,250 200 150 100 50 0",
            "4,2,3,150 200 250 0 50 100", "5,3,2,0 150 50 200 100 250", "6,3,2,150 0 200 50 250 100",
            "7,3,2,250 100 200 50 150 0", "8,3,2,100 250 50 200 0 150"})
    void imagesAreUpright(int orientation, int height, int width, String greys) {
        Path file = fixture("orientation-" + orientation + ".jpg");
        assertArrayEquals(new int[]{8 * height, 8 * width}, Pixels.size(file));
        float[] blocks = Pixels.read(file, 1).scaled(height, width).planes()[0];
        float[] expected = new float[6];
        for (int i = 0; i < 6; i++)
            expected[i] = Integer.parseInt(greys.split(" ")[i]) / 255f;
        assertArrayEquals(expected, blocks, 2 / 255f);
        if (orientation == 6)
            assertArrayEquals(expected, Pixels.read(fixture("orientation-6.png"), 1).planes()[0]);
    }

    @Test
    void cmykImagesAreRefused() {
        Path file = fixture("cmyk.jpg");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Pixels.read(file, 3)), file.toString(), "CMYK",
                "RGB");
    }

    /** Under any name. */
    @ParameterizedTest
    @ValueSource(strings = {"gif", "bmp"})
    void otherFormatsAreRefused(String format) throws IOException {
        Path file = folder.resolve("a.png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_BINARY), format, file.toFile());
        assertSays(assertThrows(IllegalArgumentException.class, () -> Pixels.size(file)), file.toString(),
                "not a PNG or JPEG");
    }

    @Test
    void aSizeThatTheFileCannotHoldCostsNothing() throws IOException {
        byte[] claims = Files.readAllBytes(fixture("orientation-1.jpg"));
        for (int i = 0; i + 9 < claims.length; i++)
            if (claims[i] == (byte) 0xFF && claims[i + 1] == (byte) 0xC0)
                Arrays.fill(claims, i + 5, i + 9, (byte) 0x7F); // of the frame
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Path file : new Path[]{fixture("claims.png"), Files.write(folder.resolve("claims.jpg"), claims)}) {
            assertThrows(IllegalArgumentException.class, () -> Pixels.read(file, 3)); // loads classes
            long before = memory.getCurrentThreadAllocatedBytes();
            var e = assertThrows(IllegalArgumentException.class, () -> Pixels.read(file, 3));
            long allocated = memory.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 1 << 20, () -> allocated + " bytes");
            assertSays(e, file.toString(), "can hold");
        }
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        var photo = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < 64 * 64; i++)
            photo.setRGB(i % 64, i / 64, random.nextInt());
        for (String format : new String[]{"png", "jpg"}) {
            Path file = folder.resolve("a." + format);
            ImageIO.write(photo, format, file.toFile());
            byte[] whole = Files.readAllBytes(file);
            Pixels.read(file, 3);
            for (int length : new int[]{9, whole.length / 4, whole.length / 2, whole.length - 60}) {
                Files.write(file, Arrays.copyOf(whole, length));
                assertSays(assertThrows(UncheckedIOException.class, () -> Pixels.read(file, 3)), file.toString());
            }
        }
    }

    private enum Format {
        PNG, JPG
    }

    /** Each is read or refused by an error that names the file, and costs no more memory than such a file can. */
    @ParameterizedTest
    @EnumSource
    void damagedImagesAreReadOrRefused(Format format) throws IOException {
        String name = format == Format.PNG ? "palette.png" : "orientation-3.jpg";
        byte[] whole = Files.readAllBytes(fixture(name));
        var random = new Random(format.ordinal());
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int tries = Integer.getInteger("tries", 300), refused = 0;
        Path file = folder.resolve("damaged");
        for (int i = 0; i < tries; i++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k < 1 + random.nextInt(3); k++)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            Files.write(file, random.nextInt(4) == 0 ? Arrays.copyOf(damaged, random.nextInt(whole.length)) : damaged);
            long before = memory.getCurrentThreadAllocatedBytes();
            try {
                Pixels.read(file, 3);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                assertSays(e, file.toString());
                refused++;
            }
            long allocated = memory.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < (8 << 20) + 1032 * 8 * 100L * whole.length, () -> allocated + " bytes");
        }
        assertTrue(refused > tries / 10 && refused < tries, refused + " of " + tries);
    }
}
