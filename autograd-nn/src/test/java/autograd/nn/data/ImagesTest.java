package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

class ImagesTest {
    private static final String IMAGES = "train-images-idx3-ubyte", LABELS = "train-labels-idx1-ubyte";
    private static final Idx THREE = new Idx(new int[]{3, 2, 4}, pixels(24)), THREE_LABELS = labels(7, 0, 255);

    @TempDir
    private Path folder;

    @Test
    void flattensAndScalesImages() {
        var images = new Images(THREE, THREE_LABELS);
        assertEquals(3, images.size());
        assertEquals(2, images.height());
        assertEquals(4, images.width());
        Batch<Tensor, IntTensor> batch = images.batch(2, 0);
        assertEquals(Shape.of(2, 8), batch.x().shape());
        assertEquals(DType.F32, batch.x().dtype());
        for (int i = 0; i < 8; i++) {
            assertEquals((THREE.data()[16 + i] & 0xFF) / 255f, (float) batch.x().get(0, i));
            assertEquals((THREE.data()[i] & 0xFF) / 255f, (float) batch.x().get(1, i));
        }
        assertEquals(IntTensor.of(255, 7), batch.y());
    }

    /** Every byte becomes the float nearest to its 255th part. */
    @Test
    void scalesEveryByteExactly() {
        byte[] bytes = new byte[256];
        float[] expected = new float[256];
        for (int b = 0; b < 256; b++) {
            bytes[b] = (byte) b;
            expected[b] = b / 255f;
        }
        Tensor x = new Images(new Idx(new int[]{1, 16, 16}, bytes), labels(0)).all().x();
        assertArrayEquals(expected, x.toFloatArray());
        assertEquals(1, x.get(0, 255));
    }

    @Test
    void anEmptySetIsFine() {
        var none = new Images(new Idx(new int[]{0, 28, 28}, new byte[0]), labels());
        assertEquals(0, none.size());
        assertEquals(Shape.of(0, 784), none.all().x().shape());
        assertEquals(0, none.batches(5).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void thereAreNoOtherImages(int index) {
        assertThrows(IndexOutOfBoundsException.class, () -> new Images(THREE, THREE_LABELS).batch(0, index));
    }

    @Test
    void imagesAndLabelsMustFit() {
        assertRefused(THREE, labels(1, 2));
        assertRefused(THREE_LABELS, THREE);
        assertRefused(THREE, THREE);
        assertRefused(new Idx(new int[]{3, 8}, pixels(24)), THREE_LABELS);
    }

    private static void assertRefused(Idx images, Idx labels) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Images(images, labels)),
                "images " + Idx.text(images.dims()), "labels " + Idx.text(labels.dims()), "[count, height, width]");
    }

    @Test
    void readsPlainAndZippedFiles() {
        write(IMAGES, THREE);
        write(LABELS + ".gz", THREE_LABELS);
        write("t10k-images-idx3-ubyte.gz", new Idx(new int[]{1, 1, 1}, pixels(1)));
        write("t10k-labels-idx1-ubyte", labels(3));
        Images train = Images.mnist(folder, "train"), test = Images.mnist(folder, "t10k");
        assertArrayEquals(new Images(THREE, THREE_LABELS).all().x().toFloatArray(), train.all().x().toFloatArray());
        assertEquals(IntTensor.of(7, 0, 255), train.all().y());
        assertEquals(1, test.size());
        assertEquals(IntTensor.of(3), test.all().y());
    }

    @Test
    void aPlainFileComesFirst() {
        write(IMAGES, THREE);
        write(LABELS, THREE_LABELS);
        write(LABELS + ".gz", labels(1, 1, 1));
        assertEquals(IntTensor.of(7, 0, 255), Images.mnist(folder, "train").all().y());
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertSays(assertThrows(UncheckedIOException.class, () -> Images.mnist(folder, "train")),
                folder.resolve(IMAGES).toString(), "does not exist");
        write(IMAGES + ".gz", THREE);
        assertSays(assertThrows(UncheckedIOException.class, () -> Images.mnist(folder, "train")),
                folder.resolve(LABELS).toString(), "does not exist");
        assertSays(assertThrows(UncheckedIOException.class, () -> Images.mnist(folder.resolve("nowhere"), "train")),
                "nowhere");
    }

    @Test
    void namesTheFileThatIsBroken() throws IOException {
        Path labels = write(LABELS, THREE_LABELS);
        Path images = Files.write(folder.resolve(IMAGES), new byte[]{0, 0, 8, 3, 0});
        assertSays(assertThrows(IllegalArgumentException.class, () -> Images.mnist(folder, "train")),
                images.toString(), "truncated");
        write(IMAGES, THREE);
        Files.write(labels, "<html>".getBytes());
        assertSays(assertThrows(IllegalArgumentException.class, () -> Images.mnist(folder, "train")),
                labels.toString(), "not an IDX file");
    }

    @Test
    void namesTheFilesThatDoNotFit() {
        Path images = write(IMAGES + ".gz", THREE), labels = write(LABELS, labels(1, 2));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Images.mnist(folder, "train")),
                images.toString(), "3 x 2 x 4", labels.toString(), "[count]");
    }

    @Test
    void shufflesAndBatchesAsAnyDataset() {
        var images = new Images(THREE, THREE_LABELS);
        Batch<Tensor, IntTensor> two = images.shuffle(new Rng(1)).batches(2).getFirst();
        int[] order = new Rng(1).permutation(3);
        assertArrayEquals(images.batch(order[0], order[1]).x().toFloatArray(), two.x().toFloatArray());
        assertEquals(images.batch(order[0], order[1]).y(), two.y());
    }

    private Path write(String name, Idx idx) {
        Path file = folder.resolve(name);
        var buffer = ByteBuffer.allocate(4 + 4 * idx.dims().length + idx.data().length);
        buffer.putInt(0x800 | idx.dims().length);
        for (int dim : idx.dims())
            buffer.putInt(dim);
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
            out.write(buffer.put(idx.data()).array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static byte[] pixels(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = (byte) (37 * i + 200);
        return bytes;
    }

    private static Idx labels(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
            bytes[i] = (byte) values[i];
        return new Idx(new int[]{values.length}, bytes);
    }
}
