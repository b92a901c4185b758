package autograd.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void knowsKernelsByName() { assertEquals("scalar", Selection.named("scalar").name()); }

    @Test
    void anUnknownNameIsAnErrorThatNamesTheChoices() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> Selection.named("gpu"));
        assertEquals("-Dautograd.kernels=gpu is unknown: use scalar or vector", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Selection.named(""));
    }

    @Test
    void choosesOnce() { assertSame(Kernels.get(), Kernels.get()); }
}
