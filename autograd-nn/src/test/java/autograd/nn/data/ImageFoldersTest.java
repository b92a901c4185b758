package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

class ImageFoldersTest {
    @TempDir
    private Path folder;

    private Path write(String name, int type, int width, int... rgb) throws IOException {
        var image = new BufferedImage(width, rgb.length / width, type);
        for (int i = 0; i < rgb.length; i++)
            if (type == BufferedImage.TYPE_BYTE_GRAY)
                image.getRaster().setSample(i % width, i / width, 0, rgb[i]);
            else
                image.setRGB(i % width, i / width, 0xFF000000 | rgb[i]);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, name.endsWith("png") ? "png" : "jpg", file.toFile());
        return file;
    }

    private static float[] scaled(int... bytes) {
        float[] values = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++)
            values[i] = bytes[i] / 255f;
        return values;
    }

    @Test
    void foldersAreClassesInTheOrderOfTheirNames() throws IOException {
        write("cat/2.png", BufferedImage.TYPE_INT_RGB, 2, 0, 0);
        write("cat/10.PNG", BufferedImage.TYPE_INT_RGB, 2, 0, 0);
        write("ant/1.jpeg", BufferedImage.TYPE_INT_RGB, 2, 0, 0);
        Files.writeString(folder.resolve("cat/notes.txt"), "not an image");
        Files.writeString(folder.resolve("cat/.hidden.png"), "not an image");
        Files.createDirectories(folder.resolve(".git"));
        var images = new ImageFolders(folder, 1);
        assertEquals(List.of("ant", "cat"), images.classes());
        assertEquals(3, images.size());
        assertEquals(IntTensor.of(0, 1, 1), images.all().y());
        assertEquals("2.png", images.file(1).getFileName().toString());
        assertEquals(Shape.of(3, 1, 1, 2), images.all().x().shape());
    }

    @Test
    void coloursArePlanes() throws IOException {
        write("a/1.png", BufferedImage.TYPE_INT_RGB, 2, 0x0A141E, 0xFF0000, 0x00FF00, 0x0000FF);
        assertArrayEquals(scaled(10, 255, 0, 0, 20, 0, 255, 0, 30, 0, 0, 255),
                new ImageFolders(folder, 3).batch(0).x().toFloatArray());
        assertArrayEquals(scaled(18, 76, 150, 29), new ImageFolders(folder, 1).batch(0).x().toFloatArray(), 0.5f / 255);
    }

    @Test
    void greyValuesAreThoseOfTheFile() throws IOException {
        write("a/1.png", BufferedImage.TYPE_BYTE_GRAY, 3, 0, 100, 255);
        assertArrayEquals(scaled(0, 100, 255), new ImageFolders(folder, 1).batch(0).x().toFloatArray());
        assertArrayEquals(scaled(0, 100, 255, 0, 100, 255, 0, 100, 255),
                new ImageFolders(folder, 3).batch(0).x().toFloatArray());
    }

    @Test
    void sizesThatNoArrayCanHave() throws IOException {
        write("a/1.png", BufferedImage.TYPE_INT_RGB, 2, 0, 0);
        assertSays(assertThrows(IllegalArgumentException.class, () -> ImageFolders.scaled(folder, 3, 30000, 30000)),
                "ImageFolders", "[3, 30000, 30000]", "more than 2^31 - 1 elements");
        var images = ImageFolders.scaled(folder, 3, 20000, 20000);
        assertSays(assertThrows(IllegalArgumentException.class, () -> images.batch(0, 0)), "ImageFolders",
                "[2, 3, 20000, 20000]", "more than 2^31 - 1 elements");
    }

    @Test
    void aPhotographIsAboutRight() throws IOException {
        int[] orange = new int[64];
        Arrays.fill(orange, 0xF08020);
        write("a/1.jpg", BufferedImage.TYPE_INT_RGB, 8, orange);
        float[] x = new ImageFolders(folder, 3).batch(0).x().toFloatArray();
        for (int c = 0; c < 3; c++)
            assertEquals(new int[]{0xF0, 0x80, 0x20}[c] / 255f, x[64 * c + 27], 3 / 255f);
    }

    @Test
    void sizesMustAgreeOrBeGiven() throws IOException {
        write("a/1.png", BufferedImage.TYPE_BYTE_GRAY, 2, 50, 50);
        Path other = write("b/2.png", BufferedImage.TYPE_BYTE_GRAY, 4, 90, 90, 90, 90, 90, 90, 90, 90);
        var images = new ImageFolders(folder, 1);
        assertSays(assertThrows(IllegalArgumentException.class, images::all), other.toString(), "2 x 4", "1 x 2",
                "ImageFolders.scaled");
        assertArrayEquals(scaled(50, 50, 50, 90, 90, 90),
                ImageFolders.scaled(folder, 1, 1, 3).all().x().toFloatArray());
        assertThrows(IllegalArgumentException.class, () -> ImageFolders.scaled(folder, 1, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> new ImageFolders(folder, 2));
    }

    @Test
    void messageNamesTheFileThatIsNotAnImage() throws IOException {
        Path good = write("a/1.png", BufferedImage.TYPE_BYTE_GRAY, 2, 50, 50), bad = folder.resolve("b/2.png");
        Files.createDirectories(bad.getParent());
        Files.writeString(bad, "this is text");
        var images = new ImageFolders(folder, 1);
        assertSays(assertThrows(IllegalArgumentException.class, () -> images.batch(1)), bad.toString(),
                "not a PNG or JPEG");
        byte[] whole = Files.readAllBytes(good);
        Files.write(bad, Arrays.copyOf(whole, whole.length - 30));
        assertSays(assertThrows(UncheckedIOException.class, () -> images.batch(1)), bad.toString());
        Files.delete(bad);
        assertSays(assertThrows(UncheckedIOException.class, () -> images.batch(1)), bad.toString());
        assertThrows(IndexOutOfBoundsException.class, () -> images.batch(2));
    }

    @Test
    void numbersCountAsSuch() throws IOException {
        for (int i : new int[]{10, 2, 1, 0, 20, 3})
            write(i + "/a" + i + ".png", BufferedImage.TYPE_INT_RGB, 1, 0);
        for (String name : List.of("0/a0b.png", "0/a00.png", "0/a10.png", "0/b.png"))
            write(name, BufferedImage.TYPE_INT_RGB, 1, 0);
        var images = new ImageFolders(folder, 1);
        assertEquals(List.of("0", "1", "2", "3", "10", "20"), images.classes());
        assertEquals(List.of("a0.png", "a00.png", "a0b.png", "a10.png", "b.png"),
                IntStream.range(0, 5).mapToObj(i -> images.file(i).getFileName().toString()).toList());
    }

    @Test
    void namesTheFolderThatHoldsNothing() throws IOException {
        assertSays(assertThrows(IllegalArgumentException.class, () -> new ImageFolders(folder, 1)), folder.toString(),
                "no images");
        write("a/1.png", BufferedImage.TYPE_BYTE_GRAY, 2, 50, 50);
        Path empty = Files.createDirectories(folder.resolve("b"));
        Files.writeString(empty.resolve("notes.txt"), "not an image");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new ImageFolders(folder, 1)), empty.toString(),
                "no images");
        Path none = folder.resolve("none");
        assertSays(assertThrows(UncheckedIOException.class, () -> new ImageFolders(none, 1)), none.toString());
    }
}
