package autograd.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void knowsKernelsByName() {
        assertEquals("scalar", Selection.named("scalar").name());
        assertEquals("vector", Selection.named("vector").name());
    }

    @Test
    void scalarKernelsStandInWhereVectorCodeWouldBeSlowAndSayWhy() {
        assertNull(Selection.obstacle(true, "mixed mode, sharing"));
        assertTrue(Selection.obstacle(false, "mixed mode").contains("--add-modules jdk.incubator.vector"));
        assertTrue(Selection.obstacle(true, "mixed mode, emulated-client, sharing").contains("-XX:TieredStopAtLevel"));
        assertTrue(Selection.obstacle(true, "interpreted mode").contains("-Xint"));
    }

    @Test
    void choosesOnce() { assertSame(Kernels.get(), Kernels.get()); }
}
