package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.array.Shape;
import autograd.array.Storage;

import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Changes of a variable, and the tensors that must not change with it. */
class VariableTest {
    private static final double[][] ROWS = {{1, 2, 3}, {4, 5, 6}};

    private final Variable w = new Variable("w", Tensor.of(DType.F64, ROWS));
    private final Tensor tens = Tensor.full(DType.F64, 10, 2, 3);

    private Storage storage() { return w.array().storage(); }

    @Test
    void startsWithACopy() {
        Variable copy = new Variable(w);
        w.assign(tens);
        assertEquals(1, copy.get(0, 0));
        assertNull(copy.name());
        assertTrue(copy.trainable());
        assertEquals("variable [2, 3]", copy.label());
        assertEquals("variable w [2, 3]", w.label());
    }

    @Test
    void assignCopies() {
        Variable source = new Variable(tens);
        w.assign(source);
        source.assign(source.mul(2));
        assertEquals(10, w.get(1, 2));
        assertEquals(20, source.get(1, 2));
    }

    @Test
    void assignWritesInPlaceUnlessStorageIsShared() {
        Storage before = storage();
        int version = w.version();
        w.assign(tens);
        w.assign(tens.mul(2));
        assertSame(before, storage());
        assertTrue(w.version() > version);
        assertEquals(20, w.get(0, 0));
    }

    @Test
    void noViewEverChanges() {
        Map<String, Function<Variable, Tensor>> views = new LinkedHashMap<>();
        views.put("transpose", Tensor::transpose);
        views.put("reshape", v -> v.reshape(3, 2));
        views.put("reshape to the same shape", v -> v.reshape(2, 3));
        views.put("permute", v -> v.permute(0, 1));
        views.put("slice", v -> v.slice(0, 0, 1));
        views.put("unsqueeze", v -> v.unsqueeze(0));
        views.put("broadcastTo", v -> v.broadcastTo(4, 2, 3));
        views.put("broadcastTo the same shape", v -> v.broadcastTo(2, 3));
        views.put("sumTo the same shape", v -> v.sumTo(v.shape()));
        views.put("to the same dtype", v -> v.to(DType.F64));
        views.put("detach", Tensor::detach);
        views.put("over the array", v -> Tensor.of(v.array()));
        views.forEach((name, view) -> {
            Variable v = new Variable("v", Tensor.of(DType.F64, ROWS));
            Tensor early = view.apply(v);
            double[] expected = early.toDoubleArray();
            v.assign(tens);
            assertArrayEquals(expected, early.toDoubleArray(), name + ", assigned");
            assertEquals(10, v.get(0, 0), name);
            early = view.apply(v);
            expected = early.toDoubleArray();
            v.update((s, g) -> s[0] -= g, tens);
            assertArrayEquals(expected, early.toDoubleArray(), name + ", updated");
            assertEquals(0, v.get(0, 0), name);
        });
    }

    @Test
    void aWatchedVariablesValueDoesNotChangeEither() {
        Variable mean = new Variable("mean", tens, false);
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(mean), y = x.square();
            mean.assign(mean.mul(2));
            assertEquals(10, x.get(0, 0));
            assertEquals(20, tape.gradient(y.sum(), x).get(0, 0));
        }
    }

    @Test
    void sharedStorageIsReplacedOnceThenReused() {
        Storage first = storage();
        int version = w.version();
        Tensor view = w.transpose();
        w.assign(tens);
        Storage second = storage();
        assertNotSame(first, second);
        assertSame(first, view.array().storage());
        assertTrue(w.version() > version);
        w.assign(tens);
        assertSame(second, storage());
    }

    @Test
    void resultThatIsNotAViewDoesNotShareStorage() {
        Storage before = storage();
        w.square().sum();
        w.matmul(w.transpose().detach());
        w.assign(tens);
        assertNotSame(before, storage());
        before = storage();
        w.square().sum();
        w.assign(tens);
        assertSame(before, storage());
    }

    @Test
    void mayBeAssignedFromItself() {
        Variable square = new Variable(Tensor.of(DType.F64, new double[][]{{1, 2}, {3, 4}}));
        square.assign(square.transpose());
        assertArrayEquals(new double[]{1, 3, 2, 4}, square.toDoubleArray());
        square.assign(square);
        assertArrayEquals(new double[]{1, 3, 2, 4}, square.toDoubleArray());
        square.assign(square.slice(new int[]{-1, -1}, new int[]{-3, -3}, new int[]{-1, -1}));
        assertArrayEquals(new double[]{4, 2, 3, 1}, square.toDoubleArray());
    }

    @Test
    void updateStepsEachElementWithItsSlots() {
        Variable momentum = new Variable("m", Tensor.zeros(DType.F64, 2, 3), false);
        Storage before = storage(), slot = momentum.array().storage();
        for (int k = 0; k < 2; k++)
            w.update((s, g) -> {
                s[1] = 0.5 * s[1] + g;
                s[0] -= s[1];
            }, tens, momentum);
        assertArrayEquals(new double[]{-24, -23, -22, -21, -20, -19}, w.toDoubleArray());
        assertEquals(15, momentum.get(1, 1));
        assertSame(before, storage());
        assertSame(slot, momentum.array().storage());
    }

    @Test
    void updateTakesAnyViewAsGradient() {
        w.update((s, g) -> s[0] = g, Tensor.of(DType.F64, 7).broadcastTo(2, 3));
        assertArrayEquals(new double[]{7, 7, 7, 7, 7, 7}, w.toDoubleArray());
        w.update((s, g) -> s[0] = g, Tensor.arange(DType.F64, 0, 6, 1).reshape(3, 2).transpose());
        assertArrayEquals(new double[]{0, 2, 4, 1, 3, 5}, w.toDoubleArray());
        w.update((s, g) -> s[0] += g, w);
        assertArrayEquals(new double[]{0, 4, 8, 2, 6, 10}, w.toDoubleArray());
    }

    @Test
    void singlePrecisionRoundsOnce() {
        Variable single = new Variable(Tensor.of(0.1, 0.2));
        single.update((s, g) -> s[0] = s[0] * 3 + g, Tensor.of(1, 2));
        assertEquals((float) ((double) 0.1f * 3 + 1), single.get(0));
    }

    @Test
    void playingBackThroughAChangedVariableIsAnErrorThatNamesIt() {
        try (var tape = new GradientTape()) {
            Tensor y = w.square().sum();
            w.assign(tens);
            String message = assertThrows(IllegalStateException.class, () -> tape.gradient(y, w)).getMessage();
            assertEquals("variable w [2, 3] was changed after square was recorded: "
                    + "play the tape back before assigning, or record again", message);
        }
    }

    @Test
    void sameAfterAnUpdateAndForASlot() {
        Variable slot = new Variable("slot", tens);
        try (var tape = new GradientTape().persistent()) {
            Tensor y = w.exp().sum(), z = slot.exp().sum();
            w.update((s, g) -> s[0] -= s[1] * g, tens, slot);
            String message = assertThrows(IllegalStateException.class, () -> tape.gradient(y, w)).getMessage();
            assertTrue(message.startsWith("variable w [2, 3] was changed after exp was recorded"), message);
            message = assertThrows(IllegalStateException.class, () -> tape.gradient(z, slot)).getMessage();
            assertTrue(message.startsWith("variable slot [2, 3] was changed after exp was recorded"), message);
        }
    }

    @Test
    void sameAfterItsStorageWasReplaced() {
        try (var tape = new GradientTape()) {
            Tensor y = w.transpose().exp().sum();
            w.assign(tens);
            assertThrows(IllegalStateException.class, () -> tape.gradient(y, w));
        }
    }

    @Test
    void aChangeOffTheWayDoesNotMatter() {
        Variable other = new Variable("other", tens);
        try (var tape = new GradientTape()) {
            Tensor dead = other.mul(w), y = w.square().sum();
            other.assign(w);
            assertEquals(2, tape.gradient(y, w).get(0, 0));
            assertEquals(Shape.of(2, 3), dead.shape());
        }
    }

    @Test
    void aChangeAfterThePlaybackDoesNotMatter() {
        try (var tape = new GradientTape()) {
            Tensor g = tape.gradient(w.square().sum(), w);
            w.assign(w.sub(g));
            assertEquals(-1, w.get(0, 0));
            assertEquals(2, g.get(0, 0));
        }
    }

    @Test
    void operationAfterAChangeUsesTheNewValue() {
        try (var tape = new GradientTape()) {
            w.square();
            w.assign(tens);
            assertEquals(20, tape.gradient(w.square().sum(), w).get(0, 0));
        }
    }

    @Test
    void aVariableThatWasNotTrainableCountsAsChangedToo() {
        Variable mean = new Variable("mean", tens, false);
        try (var tape = new GradientTape()) {
            Tensor y = w.mul(mean).sum();
            mean.assign(w);
            String message = assertThrows(IllegalStateException.class, () -> tape.gradient(y, w)).getMessage();
            assertTrue(message.startsWith("variable mean [2, 3] was changed after mul"), message);
        }
    }

    @Test
    void aFailedAssignChangesNothing() {
        int version = w.version();
        assertThrows(IllegalArgumentException.class, () -> w.assign(Tensor.zeros(DType.F64, 3, 2)));
        assertThrows(IllegalArgumentException.class, () -> w.update((s, _) -> s[0] = 0, tens, new Variable(tens),
                new Variable(Tensor.zeros(DType.F64, 2))));
        assertEquals(version, w.version());
        assertEquals(1, w.get(0, 0));
    }

    @Test
    void assigningIsNotRecorded() {
        Variable v = new Variable("v", tens);
        try (var tape = new GradientTape()) {
            v.assign(w.mul(2));
            assertThrows(IllegalStateException.class, () -> tape.gradient(v.sum(), w));
        }
    }
}
