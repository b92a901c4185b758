package autograd.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NdArrayTest {
    @Test
    void viewsShareTheStorage() {
        float[] data = {0, 1, 2, 3, 4, 5};
        NdArray x = NdArray.of(data, Shape.of(2, 3)), turned = x.permute(1, 0);
        data[5] = 9;
        assertEquals(9, x.get(1, 2));
        assertEquals(9, turned.get(2, 1));
        assertEquals(9, turned.get(-1, -1));
        assertSame(x, x.view(x.layout()));
        assertSame(data, x.storage().floats());
        assertFalse(turned.isContiguous());
        assertEquals(Shape.of(4, 2, 3), x.broadcastTo(Shape.of(4, 2, 3)).shape());
    }

    @Test
    void theDataMustFillTheShape() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> NdArray.of(new double[5], Shape.of(2, 3)));
        assertTrue(e.getMessage().matches(".*\\b5\\b.*\\[2, 3].*\\b6\\b.*"), e.getMessage());
    }

    @Test
    void storageKnowsItsType() {
        Storage single = Storage.zeros(DType.F32, 2), exact = Storage.zeros(DType.F64, 3);
        single.set(0, 0.1);
        exact.set(0, 0.1);
        assertEquals((float) 0.1, single.get(0));
        assertEquals(0.1, exact.get(0));
        assertEquals(2, single.size());
        assertEquals(3, exact.size());
        assertEquals("storage is f32, not f64",
                assertThrows(IllegalStateException.class, single::doubles).getMessage());
        assertEquals("storage is f64, not f32", assertThrows(IllegalStateException.class, exact::floats).getMessage());
    }

    @Test
    void storageRemembersSharing() {
        Storage s = Storage.zeros(DType.F32, 1);
        assertFalse(s.isShared());
        s.share();
        assertTrue(s.isShared());
    }

    @Test
    void aSingleNumberIsAnArrayLikeAnyOther() {
        NdArray x = NdArray.single(DType.F32, Layout.of(Shape.of(1, 1)), 0.1);
        assertEquals((float) 0.1, x.item());
        assertEquals((float) 0.1, x.get(0, -1));
        assertEquals(DType.F32, x.dtype());
        assertEquals(1, x.size());
        assertTrue(x.isContiguous());
        assertEquals("[[0.1]]", x.toString());
        assertSame(x.storage(), x.storage());
        assertSame(x.storage(), x.broadcastTo(Shape.of(3, 2)).storage());
        assertEquals((float) 0.1, x.broadcastTo(Shape.of(3, 2)).get(2, 1));
        assertEquals(0.1, NdArray.single(DType.F64, Layout.of(Shape.SCALAR), 0.1).storage().doubles()[0]);
    }

    @Test
    void singleNumberEqualsItsStorage() {
        NdArray x = NdArray.single(DType.F64, Layout.of(Shape.of(1)), -0.0);
        assertEquals(-0.0, x.item());
        x.storage().set(0, 3);
        assertEquals(3, x.item());
        assertEquals(3, x.get(0));
        Layout last = Layout.of(Shape.of(3)).slice(new int[]{2}, new int[]{1}, new int[]{1});
        assertEquals(7, NdArray.of(new double[]{5, 6, 7}, Shape.of(3)).view(last).item());
    }

    @Test
    void readingASingleNumberUsesItsStorage() {
        NdArray x = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), 2),
                other = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), 2);
        assertTrue(x.sharesStorage(x));
        assertFalse(x.sharesStorage(other));
        NdArray view = x.broadcastTo(Shape.of(2));
        assertTrue(x.sharesStorage(view));
        assertTrue(view.sharesStorage(x));
        assertFalse(other.sharesStorage(view));
        assertFalse(view.sharesStorage(other));
        assertTrue(x.storage().isShared());
    }

    @Test
    void aSingleNumberMadeUnderAReleasingScopeIsReleased() {
        NdArray x, kept, before = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), 1);
        try (var _ = Scope.releasing()) {
            x = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), 2);
            kept = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), 3);
            kept.keep();
            assertEquals(2, x.item());
            assertEquals(1, before.storage().get(0));
        }
        assertThrows(IllegalStateException.class, x::item);
        assertEquals(3, kept.item());
        assertEquals(1, before.item());
    }

    @Test
    void threadsThatAskForTheStorageGetTheSame() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            NdArray x = NdArray.single(DType.F32, Layout.of(Shape.SCALAR), i);
            Storage[] seen = new Storage[1];
            Thread other = Thread.ofPlatform().start(() -> seen[0] = x.storage());
            assertEquals(i, x.storage().get(0));
            other.join();
            assertSame(x.storage(), seen[0]);
        }
    }

    @Test
    void dtypesRound() {
        assertEquals(Math.scalb(1.0, -23), DType.F32.epsilon());
        assertEquals(Math.scalb(1.0, -52), DType.F64.epsilon());
        assertEquals((float) Math.PI, DType.F32.round(Math.PI));
        assertEquals(Math.PI, DType.F64.round(Math.PI));
        assertEquals("f32 f64", DType.F32 + " " + DType.F64);
    }
}
