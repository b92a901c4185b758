package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets of all kinds of inputs and targets. */
class RowsTest {
    private record Words(IntTensor indices, Mask kept) {}

    /** All kinds, nested. Every element says which example it belongs to. */
    private record Inputs(Tensor image, Words words, IntTensor id) {}

    private static Inputs inputs(int from, int n) {
        int[] ids = IntStream.range(from, from + n).toArray(), words = new int[3 * n];
        boolean[] kept = new boolean[3 * n];
        float[] image = new float[4 * n];
        for (int i = 0; i < n; i++) {
            Arrays.fill(words, 3 * i, 3 * i + 3, ids[i]);
            Arrays.fill(kept, 3 * i, 3 * i + 3, ids[i] % 2 == 1);
            Arrays.fill(image, 4 * i, 4 * i + 4, ids[i]);
        }
        return new Inputs(Tensor.of(image, n, 2, 2), new Words(IntTensor.of(words, n, 3), Mask.of(kept, n, 3)),
                IntTensor.of(ids));
    }

    private static void assertTogether(Batch<Inputs, Tensor> batch, int... ids) {
        assertEquals(ids.length, batch.size());
        assertArrayEquals(ids, batch.x().id().toArray());
        assertEquals(Shape.of(ids.length, 2, 2), batch.x().image().shape());
        for (int i = 0; i < ids.length; i++) {
            assertEquals(ids[i], batch.x().image().get(i, 1, 1));
            assertEquals(ids[i], batch.x().words().indices().get(i, 2));
            assertEquals(ids[i] % 2 == 1, batch.x().words().kept().get(i, 2));
            assertEquals(10 * ids[i], batch.y().get(i));
        }
    }

    private static Dataset<Inputs, Tensor> data(int from, int n) {
        return Dataset.of(inputs(from, n), Tensor.arange(n).add(from).mul(10));
    }

    /** Whatever is done with them, the parts of an example stay together. */
    @Property(tries = 60)
    void partsOfAnExampleStayTogether(@ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll @IntRange(min = 1, max = 9) int more, @ForAll @IntRange(min = 1, max = 5) int size,
            @ForAll long seed) {
        Dataset<Inputs, Tensor> all = data(0, n).concat(data(n, more));
        int[] order = new Rng(seed).permutation(n + more);
        int at = 0;
        for (Batch<Inputs, Tensor> batch : all.shuffle(new Rng(seed)).batches(size).prefetch(2)) {
            assertTogether(batch, Arrays.copyOfRange(order, at, Math.min(at + size, order.length)));
            at += batch.size();
        }
        assertEquals(n + more, at);
        assertTogether(all.split(0.5).test().all(),
                IntStream.range((int) Math.round(0.5 * (n + more)), n + more).toArray());
        assertTogether(all.slice(0, 0).all());
    }

    @Test
    void targetsMayBeOfAnyKind() {
        Tensor x = Tensor.randn(new Rng(1), 4, 3);
        Dataset<Tensor, Tensor> autoencoding = Dataset.of(x, x);
        assertEquals(autoencoding.all().x().toString(), autoencoding.all().y().toString());
        Dataset<IntTensor, IntTensor> tokens = Dataset.of(IntTensor.of(new int[12], 4, 3), IntTensor.of(1, 2, 3, 4));
        Dataset<Tensor, Words> mapped = tokens
                .map(b -> new Batch<>(x, new Words(b.x(), b.x().eq(b.x()))));
        assertEquals(Shape.of(4, 3), mapped.all().y().kept().shape());
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Tensor x = Tensor.zeros(4, 3);
        assertSays(assertThrows(IllegalArgumentException.class, () -> Dataset.of(x, Tensor.zeros(3))), "4", "3");
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Batch<>(x, Tensor.zeros(3))), "4", "3");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Dataset.of(x, Tensor.scalar(1))), "[]",
                "[count, ..]");
        assertSays(assertThrows(IllegalArgumentException.class, () -> Dataset.of(x, List.of(1, 2, 3, 4))), "Tensor",
                "record");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Dataset.of(new Words(IntTensor.of(1, 2), Mask.of(new boolean[3], 3)), x)), "Words", "[2, 3]");
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> Dataset.of(new Words(IntTensor.of(1, 2), null), x)), "Words.kept", "null");
        assertThrows(IndexOutOfBoundsException.class, () -> data(0, 3).batch(3));
    }
}
