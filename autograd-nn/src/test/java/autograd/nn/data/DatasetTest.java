package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class DatasetTest {
    /** Example i is the number i, with label 10 i; what is taken is written down. */
    private record Numbers(int size, List<int[]> taken) implements Dataset<Tensor, IntTensor> {
        Numbers(int size) { this(size, new ArrayList<>()); }

        @Override
        public Batch<Tensor, IntTensor> batch(int... indices) {
            taken.add(indices);
            for (int i : indices)
                if (i < 0 || i >= size)
                    throw new IndexOutOfBoundsException("no example " + i);
            return new Batch<>(Tensor.of(Arrays.stream(indices).asDoubleStream().toArray()),
                    IntTensor.of(Arrays.stream(indices).map(i -> 10 * i).toArray()));
        }
    }

    private static int[] labels(Dataset<Tensor, IntTensor> data) {
        return Arrays.stream(data.all().y().toArray()).map(y -> y / 10).toArray();
    }

    @Test
    void aBatchKeepsExamplesAndLabelsTogether() {
        Batch<Tensor, IntTensor> batch = new Numbers(9).batch(4, 0, 4);
        assertArrayEquals(new float[]{4, 0, 4}, batch.x().toFloatArray());
        assertEquals(IntTensor.of(40, 0, 40), batch.y());
        assertEquals(3, batch.size());
        assertEquals(9, new Numbers(9).all().size());
    }

    @Property(tries = 100)
    void joinedSetsAreOneAfterTheOther(@ForAll @IntRange(max = 9) int first, @ForAll @IntRange(max = 9) int second,
            @ForAll long seed) {
        Dataset<Tensor, IntTensor> joined = Dataset
                .of(Tensor.arange(first), IntTensor.of(IntStream.range(0, first).toArray()))
                .concat(Dataset.of(Tensor.arange(second).add(first),
                        IntTensor.of(IntStream.range(first, first + second).toArray())));
        int[] order = new Rng(seed).permutation(first + second);
        assertEquals(first + second, joined.size());
        assertEquals(IntTensor.of(order), joined.batch(order).y());
        assertArrayEquals(Arrays.stream(order).asDoubleStream().toArray(), joined.batch(order).x().toDoubleArray());
        assertThrows(IndexOutOfBoundsException.class, () -> joined.batch(first + second));
        assertThrows(IndexOutOfBoundsException.class, () -> joined.batch(-1));
    }

    @Test
    void withoutTheirJarThereAreNoEmbeddedDigits() {
        assertSays(assertThrows(IllegalStateException.class, Mnist::embedded), "autograd-examples", "IDX");
    }

    @Property(tries = 100)
    void aShuffleIsAPermutationThatItsSeedDecides(@ForAll @IntRange(max = 50) int size, @ForAll long seed) {
        int[] order = labels(new Numbers(size).shuffle(new Rng(seed)));
        assertArrayEquals(order, labels(new Numbers(size).shuffle(new Rng(seed))));
        assertArrayEquals(IntStream.range(0, size).toArray(), Arrays.stream(order).sorted().toArray());
    }

    @Property(tries = 50)
    void everyEpochHasItsOwnOrder(@ForAll long seed) {
        var rng = new Rng(seed);
        var data = new Numbers(50);
        int[] first = labels(data.shuffle(rng.derive(1))), second = labels(data.shuffle(rng.derive(2)));
        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(first, labels(data.shuffle(rng.derive(1))), "whatever was drawn in between");
    }

    @Test
    void aShuffleMovesEveryExampleEverywhere() {
        boolean[][] seen = new boolean[4][4];
        for (int seed = 0; seed < 200; seed++) {
            int[] order = labels(new Numbers(4).shuffle(new Rng(seed)));
            for (int i = 0; i < 4; i++)
                seen[i][order[i]] = true;
        }
        for (boolean[] row : seen)
            assertArrayEquals(new boolean[]{true, true, true, true}, row);
    }

    @Property(tries = 200)
    void batchesHaveEveryExampleOnceInOrder(@ForAll @IntRange(max = 40) int size,
            @ForAll @IntRange(min = 1, max = 50) int batchSize) {
        List<Batch<Tensor, IntTensor>> batches = new Numbers(size).batches(batchSize);
        assertEquals((size + batchSize - 1) / batchSize, batches.size());
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            Batch<Tensor, IntTensor> batch = batches.get(i);
            boolean last = i == batches.size() - 1;
            assertEquals(last ? size - i * batchSize : batchSize, batch.size());
            Arrays.stream(batch.x().toDoubleArray()).forEach(all::add);
        }
        assertEquals(IntStream.range(0, size).mapToObj(i -> (double) i).toList(), all);
    }

    @Test
    void theLastPartialBatchIsKept() {
        List<Batch<Tensor, IntTensor>> batches = new Numbers(10).batches(4);
        assertEquals(List.of(4, 4, 2), batches.stream().map(Batch::size).toList());
        assertEquals(List.of(3), new Numbers(3).batches(Integer.MAX_VALUE).stream().map(Batch::size).toList());
    }

    @Test
    void aBatchIsMadeWhenItIsAskedFor() {
        var data = new Numbers(10);
        List<Batch<Tensor, IntTensor>> batches = data.shuffle(new Rng(0)).batches(4);
        assertEquals(0, data.taken.size());
        batches.get(2);
        assertEquals(1, data.taken.size());
        assertEquals(2, data.taken.getFirst().length);
        var walk = batches.iterator();
        walk.next();
        assertEquals(2, data.taken.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void thereIsNoBatchBeyondTheLast(int index) {
        List<Batch<Tensor, IntTensor>> batches = new Numbers(10).batches(4);
        assertThrows(IndexOutOfBoundsException.class, () -> batches.get(index));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void aBatchHasAtLeastOneExample(int size) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Numbers(3).batches(size)), "batches",
                "" + size);
    }

    @Test
    void selectsInTheOrderGiven() {
        Dataset<Tensor, IntTensor> some = new Numbers(9).select(7, 2, 7);
        assertEquals(3, some.size());
        assertArrayEquals(new int[]{7, 2, 7}, labels(some));
        assertArrayEquals(new int[]{7, 7, 2}, labels(some.select(0, 2, 1)));
        assertEquals(0, some.select().size());
    }

    @Test
    void aSelectionDoesNotChangeWithTheArrayItWasMadeFrom() {
        int[] which = {1, 2};
        Dataset<Tensor, IntTensor> some = new Numbers(9).select(which);
        which[0] = 8;
        assertArrayEquals(new int[]{1, 2}, labels(some));
    }

    @Test
    void slicesAreViews() {
        var data = new Numbers(9);
        assertArrayEquals(new int[]{2, 3, 4}, labels(data.slice(2, 5)));
        assertArrayEquals(new int[]{3}, labels(data.slice(2, 5).slice(1, 2)));
        assertEquals(0, data.slice(9, 9).size());
        assertEquals(IntTensor.of(50, 60, 70, 80), data.slice(5, 9).batches(10).getFirst().y());
    }

    @Test
    void takesAndSkipsTheFirstExamples() {
        var data = new Numbers(9);
        assertEquals(data.slice(0, 3).all().y(), data.take(3).all().y());
        assertEquals(data.slice(3, data.size()).all().y(), data.skip(3).all().y());
        assertEquals(data.size(), data.take(data.size() + 1).size());
        assertEquals(0, data.skip(data.size() + 1).size());
        assertThrows(IllegalArgumentException.class, () -> data.take(-1));
        assertThrows(IllegalArgumentException.class, () -> data.skip(-1));
    }

    @Test
    void selectNamesTheExampleThatIsNotThere() {
        var data = new Numbers(9);
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> data.select(0, 9)), "no example 9 of 9");
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> data.select(-1)), "no example -1 of 9");
        assertSays(assertThrows(IndexOutOfBoundsException.class, () -> data.select(3, 4).batch(2)),
                "no example 2 of 2");
        assertThrows(IndexOutOfBoundsException.class, () -> data.select(3, 4).batch(-1));
    }

    @Test
    void sliceNamesTheRangeThatIsNotThere() {
        var data = new Numbers(9);
        for (int[] range : new int[][]{{0, 10}, {-1, 3}, {5, 4}, {Integer.MIN_VALUE, Integer.MAX_VALUE}})
            assertSays(assertThrows(IndexOutOfBoundsException.class, () -> data.slice(range[0], range[1])),
                    "" + range[0], "" + range[1], "9");
    }

    @Test
    void tensorsAreADataset() {
        Tensor x = Tensor.of(new double[][]{{1, 2}, {3, 4}, {5, 6}});
        Batch<Tensor, IntTensor> batch = Dataset.of(x, IntTensor.of(7, 8, 9)).batch(2, 0, 2);
        assertArrayEquals(new float[]{5, 6, 1, 2, 5, 6}, batch.x().toFloatArray());
        assertEquals(IntTensor.of(9, 7, 9), batch.y());
        Dataset<Tensor, IntTensor> sequences = Dataset.of(x, IntTensor.of(new int[]{1, 2, 3, 4, 5, 6}, 3, 2));
        assertEquals(IntTensor.of(new int[]{3, 4}, 1, 2), sequences.batch(1).y());
        assertEquals(1, sequences.batch(1).size());
        assertEquals(0, sequences.batch().size());
        assertThrows(IndexOutOfBoundsException.class, () -> sequences.batch(3));
        assertSays(assertThrows(IllegalArgumentException.class, () -> Dataset.of(x, IntTensor.of(1))), "[3, 2]", "[1]");
    }

    @Property(tries = 100)
    void aSplitHasEveryExampleOnce(@ForAll @IntRange(max = 40) int size,
            @ForAll @DoubleRange(min = 0, max = 1) double fraction) {
        Split<Tensor, IntTensor> split = new Numbers(size).split(fraction);
        assertEquals(Math.round(fraction * size), split.train().size());
        assertArrayEquals(IntStream.range(0, size).toArray(),
                IntStream.concat(IntStream.of(labels(split.train())), IntStream.of(labels(split.test()))).toArray());
    }

    @Test
    void aSplitNeedsAFraction() {
        for (double wrong : new double[]{-0.1, 1.1, Double.NaN})
            assertSays(assertThrows(IllegalArgumentException.class, () -> new Numbers(3).split(wrong)), "" + wrong);
    }
}
