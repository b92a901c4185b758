package autograd.nn.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.Actions;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.ActionChain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Data sets and their batches, cut, joined, changed, and walked through by several loops at once, against
 * lists of numbers. An example is its number, in x and as its label.
 */
class BatchesMachineTest {
    private static final int SIZE = 13;

    /** A loop over the batches, and the batches that it must still give. */
    private record Walk(Iterator<Batch<Tensor, IntTensor>> loop, Iterator<List<Integer>> expected) {}

    private static final class Machine {
        private Dataset<Tensor, IntTensor> data = Dataset.of(Tensor.arange(DType.F64, 0, SIZE, 1).reshape(SIZE, 1),
                IntTensor.of(IntStream.range(0, SIZE).toArray()));
        private List<Integer> numbers = IntStream.range(0, SIZE).boxed().toList();
        private Batches<Tensor, IntTensor> batches = data.batches(4);
        private List<List<Integer>> lists = cut(4);
        private List<Integer> added = Collections.nCopies(lists.size(), 0);
        private int batchSize = 4;
        private final List<Walk> walks = new ArrayList<>();

        private List<List<Integer>> cut(int size) {
            List<List<Integer>> lists = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i += size)
                lists.add(numbers.subList(i, Math.min(i + size, numbers.size())));
            return lists;
        }

        /** A permutation of its own, the same for the same seed. */
        void shuffle(int seed) {
            data = data.shuffle(new Rng(seed));
            List<Integer> before = numbers;
            numbers = Arrays.stream(data.all().y().toArray()).boxed().toList();
            assertEquals(before.stream().sorted().toList(), numbers.stream().sorted().toList());
            batches(4);
        }

        void slice(int from) {
            int begin = Math.min(from, numbers.size()), end = Math.max(begin, numbers.size() - from / 2);
            data = data.slice(begin, end);
            numbers = numbers.subList(begin, end);
            batches(3);
        }

        void select(List<Integer> choices) {
            int[] indices = numbers.isEmpty()
                    ? new int[0]
                    : choices.stream().mapToInt(c -> c % numbers.size()).toArray();
            data = data.select(indices);
            List<Integer> old = numbers;
            numbers = Arrays.stream(indices).mapToObj(old::get).toList();
            batches(2);
        }

        void concat(double fraction) {
            Split<Tensor, IntTensor> split = data.split(fraction);
            data = split.test().concat(split.train());
            List<Integer> turned = new ArrayList<>(numbers);
            Collections.rotate(turned, -split.train().size());
            numbers = turned;
            batches(5);
        }

        void batches(int size) {
            batchSize = size;
            batches = data.batches(size);
            lists = cut(size);
            added = Collections.nCopies(lists.size(), 0);
        }

        void dropLast() {
            batches = batches.dropLast();
            lists = lists.stream().filter(l -> l.size() == batchSize).toList();
        }

        /** Adds a random number to x, which depends on the key and the number of the batch alone. */
        void map(int seed) {
            batches = batches.map(new Rng(seed),
                    (batch, rng) -> new Batch<>(batch.x().add(rng.nextInt(100)), batch.y()));
            List<Integer> before = added;
            added = IntStream.range(0, before.size())
                    .mapToObj(i -> before.get(i) + new Rng(seed).derive(i).nextInt(100)).toList();
        }

        void prefetch(int ahead) { batches = batches.prefetch(ahead); }

        void begin() { walks.add(new Walk(batches.iterator(), expected().iterator())); }

        /** The x of each batch, and then its labels. */
        private List<List<Integer>> expected() {
            List<List<Integer>> expected = new ArrayList<>();
            for (int i = 0; i < lists.size(); i++) {
                int plus = added.get(i);
                List<Integer> both = new ArrayList<>(lists.get(i).stream().map(n -> n + plus).toList());
                both.addAll(lists.get(i));
                expected.add(both);
            }
            return expected;
        }

        void next(int choice) {
            if (walks.isEmpty())
                return;
            Walk walk = walks.get(choice % walks.size());
            assertEquals(walk.expected.hasNext(), walk.loop.hasNext());
            if (walk.expected.hasNext())
                assertBatch(walk.expected.next(), walk.loop.next());
            else
                assertThrows(NoSuchElementException.class, walk.loop::next);
        }

        private static void assertBatch(List<Integer> expected, Batch<Tensor, IntTensor> batch) {
            int[] x = Arrays.stream(batch.x().toDoubleArray()).mapToInt(v -> (int) v).toArray();
            assertArrayEquals(expected.stream().mapToInt(n -> n).toArray(),
                    IntStream.concat(Arrays.stream(x), Arrays.stream(batch.y().toArray())).toArray());
            assertEquals(expected.size(), 2 * batch.size());
        }

        void check() {
            assertEquals(numbers.size(), data.size());
            assertEquals(lists.size(), batches.size());
            List<List<Integer>> expected = expected();
            for (int i = batches.size() - 1; i >= 0; i--) // in any order
                assertBatch(expected.get(i), batches.get(i));
            assertThrows(IndexOutOfBoundsException.class, () -> batches.get(batches.size()));
        }

        @Override
        public String toString() { return lists + " and " + walks.size() + " loops"; }
    }

    @Provide
    Arbitrary<ActionChain<Machine>> chains() {
        Arbitrary<Integer> some = Arbitraries.integers().between(0, 9), positive = Arbitraries.integers().between(1, 6);
        return ActionChain.startWith(Machine::new).withAction(1, Actions.of("shuffle", some, Machine::shuffle))
                .withAction(1, Actions.of("slice", some, Machine::slice))
                .withAction(1, Actions.of("select", some.list().ofMinSize(1).ofMaxSize(20), Machine::select))
                .withAction(1, Actions.of("concat", Arbitraries.of(0.0, 0.3, 0.5, 1.0), Machine::concat))
                .withAction(2, Actions.of("batches", positive, Machine::batches))
                .withAction(2, Actions.of("dropLast", Machine::dropLast))
                .withAction(2, Actions.of("map", some, Machine::map))
                .withAction(2, Actions.of("prefetch", positive, Machine::prefetch))
                .withAction(4, Actions.of("begin", Machine::begin))
                .withAction(10, Actions.of("next", some, Machine::next)).withMaxTransformations(30);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void areLists(@ForAll("chains") ActionChain<Machine> chain) { chain.withInvariant(Machine::check).run(); }

    /** Numbers made ahead, one of which may fail, and how many have been made. */
    private static final class Ahead {
        private final int count, ahead, wrong;
        private final List<Integer> made = Collections.synchronizedList(new ArrayList<>());
        private final Set<Thread> makers = Collections.synchronizedSet(new HashSet<>());
        private final RuntimeException failure = new IllegalStateException("wrong");
        private final Prefetch<Integer> items;
        private int taken;
        private boolean failed;

        Ahead(int count, int ahead, int wrong) {
            this.count = count;
            this.ahead = ahead;
            this.wrong = wrong;
            items = new Prefetch<>(this::make, count, ahead);
        }

        private int make(int i) {
            made.add(i);
            makers.add(Thread.currentThread());
            if (i == wrong)
                throw failure;
            return 10 * i;
        }

        void next() {
            if (failed || taken == count) {
                assertThrows(NoSuchElementException.class, items::next);
            } else if (taken == wrong) {
                assertEquals(failure, assertThrows(IllegalStateException.class, items::next));
                failed = true;
            } else {
                assertEquals(10 * taken, items.next());
                taken++;
            }
        }

        void check() {
            assertEquals(!failed && taken < count, items.hasNext());
            List<Integer> now = List.copyOf(made);
            assertEquals(IntStream.range(0, now.size()).boxed().toList(), now, "in order, and each once");
            assertTrue(now.size() <= taken + ahead, "no more than is kept ready");
            assertTrue(makers.size() <= 1, "on one thread");
        }

        @Override
        public String toString() { return taken + " of " + count + ", " + ahead + " ahead, wrong at " + wrong; }
    }

    @Provide
    Arbitrary<ActionChain<Ahead>> prefetches() {
        Arbitrary<Integer> some = Arbitraries.integers().between(0, 9);
        return Combinators.combine(some, some.map(n -> n / 2 + 1), some).flatAs((count, ahead, wrong) -> ActionChain
                .startWith(() -> new Ahead(count, ahead, wrong)).withAction(Actions.of("next", Ahead::next))
                .withMaxTransformations(12));
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void itemsAreMadeAheadInOrder(@ForAll("prefetches") ActionChain<Ahead> chain) {
        chain.withInvariant(Ahead::check).run();
    }
}
