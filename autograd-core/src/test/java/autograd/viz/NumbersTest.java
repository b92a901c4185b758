package autograd.viz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.array.DType;

import org.junit.jupiter.api.Test;

/** Numbers are short and plain. */
class NumbersTest {
    @Test
    void numbers() {
        assertEquals("0", Numbers.text(0));
        assertEquals("-4", Numbers.text(-4));
        assertEquals("645.5773", Numbers.text(645.57731902));
        assertEquals("0.1", Numbers.text((float) 0.1));
        assertEquals("0.0004164931", Numbers.text(0.00041649312));
        assertEquals("1.234568e-12", Numbers.text(1.2345678e-12));
        assertEquals("1.5e+30", Numbers.text(1.5e30));
        assertEquals("nan", Numbers.text(Double.NaN));
        assertEquals("-inf", Numbers.text(Double.NEGATIVE_INFINITY));
    }

    @Test
    void tensors() {
        assertEquals("3", Numbers.text(Tensor.scalar(3)));
        assertEquals("[[1, 2.5]]", Numbers.text(Tensor.of(DType.F64, new double[]{1, 2.5}, 1, 2)));
        assertEquals("[]", Numbers.text(Tensor.zeros(0)));
        assertEquals("norm 5", Numbers.text(Tensor.of(3, 4, 0, 0, 0, 0, 0)));
    }
}
