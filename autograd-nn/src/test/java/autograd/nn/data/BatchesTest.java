package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

class BatchesTest {
    private static Dataset<Tensor, IntTensor> numbers(int size) {
        int[] all = IntStream.range(0, size).toArray();
        return Dataset.of(Tensor.of(Arrays.stream(all).asDoubleStream().toArray()), IntTensor.of(all));
    }

    private static List<List<Double>> walk(Iterable<Batch<Tensor, IntTensor>> batches) {
        List<List<Double>> all = new ArrayList<>();
        for (Batch<Tensor, IntTensor> b : batches)
            all.add(Arrays.stream(b.x().toDoubleArray()).boxed().toList());
        return all;
    }

    private static Batch<Tensor, IntTensor> jitter(Batch<Tensor, IntTensor> b, Rng rng) {
        return new Batch<>(b.x().add(Tensor.randn(rng, b.size())), b.y());
    }

    /** Numbers whose batches go through a function first. */
    private static Batches<Tensor, IntTensor> through(int size, int batchSize,
            UnaryOperator<Batch<Tensor, IntTensor>> f) {
        return numbers(size).map(f).batches(batchSize);
    }

    @Property(tries = 100)
    void onlyAPartialBatchIsDropped(@ForAll @IntRange(max = 40) int size,
            @ForAll @IntRange(min = 1, max = 50) int batchSize) {
        List<List<Double>> all = walk(numbers(size).batches(batchSize)),
                full = walk(numbers(size).batches(batchSize).dropLast());
        assertEquals(all.stream().filter(b -> b.size() == batchSize).toList(), full);
        assertEquals(full, walk(numbers(size).batches(batchSize).dropLast().dropLast()));
    }

    @Property(tries = 50)
    void prefetchingChangesNothing(@ForAll long seed, @ForAll @IntRange(max = 40) int size,
            @ForAll @IntRange(min = 1, max = 9) int batchSize, @ForAll @IntRange(min = 1, max = 5) int ahead) {
        Batches<Tensor, IntTensor> plain = numbers(size).batches(batchSize).map(new Rng(seed), BatchesTest::jitter);
        assertEquals(walk(plain), walk(plain.prefetch(ahead)));
        assertEquals(walk(plain), walk(numbers(size).batches(batchSize).prefetch(ahead).map(new Rng(seed),
                BatchesTest::jitter)));
    }

    @Test
    void aChangeDependsOnKeyAndNumberAlone() {
        var rng = new Rng(7);
        Batches<Tensor, IntTensor> batches = numbers(12).batches(4).map(rng.derive(1), BatchesTest::jitter);
        List<List<Double>> walked = walk(batches);
        for (int i : new int[]{2, 0, 1, 2})
            assertEquals(walked.get(i), walk(batches.subList(i, i + 1)).getFirst());
        assertEquals(0, rng.position());
        assertNotEquals(walked, walk(numbers(12).batches(4).map(rng.derive(2), BatchesTest::jitter)));
        assertEquals(walked.subList(0, 2), walk(numbers(11).batches(4).dropLast().map(rng.derive(1),
                BatchesTest::jitter)));
    }

    @Test
    void changesFollowEachOther() {
        Batches<Tensor, IntTensor> twice = numbers(4).batches(2)
                .map(new Rng(0), (b, _) -> new Batch<>(b.x().add(1), b.y())).map(new Rng(0),
                        (b, _) -> new Batch<>(b.x().mul(10), b.y()));
        assertEquals(List.of(List.of(10.0, 20.0), List.of(30.0, 40.0)), walk(twice));
    }

    @Test
    void aBackgroundThreadMakesThemAllAndKeepsNothingAlive() {
        Set<Thread> makers = ConcurrentHashMap.newKeySet();
        int walked = walk(through(20, 2, b -> {
            makers.add(Thread.currentThread());
            return b;
        }).prefetch(3)).size();
        assertEquals(10, walked);
        assertEquals(1, makers.size());
        Thread maker = makers.iterator().next();
        assertNotEquals(Thread.currentThread(), maker);
        assertTrue(maker.isDaemon());
    }

    @Test
    void theThreadEndsWhenTheLoopDoesAndWhenItIsLeftEarly() throws InterruptedException {
        for (int wanted : new int[]{10, 1}) {
            Set<Thread> makers = ConcurrentHashMap.newKeySet();
            var some = through(20, 2, b -> {
                makers.add(Thread.currentThread());
                return b;
            }).prefetch(3).iterator();
            for (int i = 0; i < wanted; i++)
                some.next();
            Thread maker = makers.iterator().next();
            maker.join(60_000);
            assertFalse(maker.isAlive(), wanted + " batches");
        }
    }

    @Test
    void noMoreIsMadeThanThereIsRoomFor() throws InterruptedException {
        var made = new AtomicInteger();
        var fourth = new CountDownLatch(4);
        Set<Thread> makers = ConcurrentHashMap.newKeySet();
        var walk = through(40, 2, b -> {
            made.incrementAndGet();
            makers.add(Thread.currentThread());
            fourth.countDown();
            return b;
        }).prefetch(3).iterator();
        walk.next();
        fourth.await();
        makers.iterator().next().join(60_000); // idle, it ends
        assertEquals(4, made.get());
        assertEquals(List.of(2.0, 3.0), Arrays.stream(walk.next().x().toDoubleArray()).boxed().toList());
    }

    @Test
    void exceptionIsThrownToTheReader() {
        var cause = new IllegalStateException("disk on fire");
        var wrong = new IllegalArgumentException("no such image", cause);
        var walk = through(10, 2, b -> {
            if (b.y().get(0) == 4)
                throw wrong;
            return b;
        }).prefetch(5).iterator();
        walk.next();
        walk.next();
        var e = assertThrows(IllegalArgumentException.class, walk::next);
        assertSame(wrong, e);
        assertSame(cause, e.getCause());
        assertSays(e.getSuppressed()[0], "prefetch", "batch 2");
        assertFalse(walk.hasNext());
        assertThrows(NoSuchElementException.class, walk::next);
    }

    @Test
    void errorsAreThrownAsTheyAre() {
        var error = new AssertionError("impossible");
        var walk = through(4, 2, _ -> {
            throw error;
        }).prefetch(1).iterator();
        assertSame(error, assertThrows(AssertionError.class, walk::next));
    }

    @Test
    void anInterruptedWaitSaysSoAndStaysInterrupted() {
        var never = new CountDownLatch(1);
        var walk = through(4, 2, b -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return b;
        }).prefetch(1).iterator();
        Thread.currentThread().interrupt();
        assertSays(assertThrows(IllegalStateException.class, walk::next), "interrupted", "batch 0");
        assertTrue(Thread.interrupted());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void atLeastOneIsKeptReady(int ahead) {
        Batches<Tensor, IntTensor> batches = numbers(3).batches(2);
        assertSays(assertThrows(IllegalArgumentException.class, () -> batches.prefetch(ahead)), "prefetch", "" + ahead);
    }

    @Test
    void aMappedDatasetIsChangedWhenItIsTaken() {
        var taken = new AtomicInteger();
        Dataset<Tensor, IntTensor> tens = numbers(5).map(b -> {
            taken.incrementAndGet();
            return new Batch<>(b.x().mul(10), b.y());
        });
        assertEquals(5, tens.size());
        Split<Tensor, IntTensor> split = tens.split(0.6);
        assertEquals(0, taken.get());
        assertEquals(List.of(List.of(30.0, 40.0)), walk(split.test().batches(4)));
        assertEquals(1, taken.get());
    }
}
