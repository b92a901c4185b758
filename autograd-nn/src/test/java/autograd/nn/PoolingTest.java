package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.check.GradCheck;

import org.junit.jupiter.api.Test;

/** Layers without variables that make images smaller: MaxPool2d, AvgPool2d, GlobalAvgPool2d, Flatten. */
class PoolingTest {
    private static final Tensor IMAGE = Tensor.of(DType.F64,
            new double[]{1, 5, 2, 0, -1, 3, 7, 4, -9, -8, 6, 6, -7, -6, 6, 6}, 1, 1, 4, 4);

    @Test
    void takesTheLargestOrTheMean() {
        assertArrayEquals(new double[]{5, 7, -6, 6}, MaxPool2d.of(2).forward(IMAGE).toDoubleArray());
        assertArrayEquals(new double[]{2, 3.25, -7.5, 6}, AvgPool2d.of(2).forward(IMAGE).toDoubleArray());
        assertEquals(Shape.of(1, 1, 2, 2), MaxPool2d.of(2).forward(IMAGE).shape());
    }

    @Test
    void slidesAndPads() {
        assertArrayEquals(new double[]{7, 7, 7, 7}, new MaxPool2d(3, 1, 0).forward(IMAGE).toDoubleArray());
        assertArrayEquals(new double[]{5, 7, 3, 7}, new MaxPool2d(3, 2, 1).forward(IMAGE).toDoubleArray());
        assertArrayEquals(new double[]{0.25, 1.75, 0, -2.5, 2, 2.5, -1.75, 0, 1.5},
                new AvgPool2d(2, 2, 1).forward(IMAGE).toDoubleArray());
    }

    @Test
    void theirGradientsAreTheirSlopes() {
        Tensor x = Tensor.randn(DType.F64, new Rng(0), 2, 2, 5, 4);
        GradCheck.of(in -> new MaxPool2d(3, 2, 1).forward(in)).verify(x);
        GradCheck.of(in -> new AvgPool2d(2, 1, 1).forward(in)).verify(x);
        GradCheck.of(in -> new GlobalAvgPool2d().forward(in)).verify(x);
        GradCheck.of(in -> new Flatten().forward(in)).verify(x);
    }

    @Test
    void theMeanMayBeThatOfTheWholeImage() {
        Tensor y = new GlobalAvgPool2d().forward(Tensor.concat(1, IMAGE, IMAGE.mul(2)));
        assertEquals(Shape.of(1, 2), y.shape());
        assertArrayEquals(new double[]{IMAGE.mean().item(), 2 * IMAGE.mean().item()}, y.toDoubleArray(), 1e-15);
        for (Shape shape : new Shape[]{Shape.of(2, 3, 4), Shape.of(1, 2, 0, 3), Shape.SCALAR})
            assertSays(assertThrows(IllegalArgumentException.class,
                    () -> new GlobalAvgPool2d().forward(Tensor.zeros(shape.dims()))), "GlobalAvgPool2d",
                    shape.toString(), "[n, channels, height, width]");
    }

    @Test
    void flattensEachExample() {
        assertEquals(Shape.of(2, 12), new Flatten().forward(Tensor.zeros(2, 3, 4)).shape());
        assertEquals(Shape.of(0, 12), new Flatten().forward(Tensor.zeros(0, 3, 4)).shape());
        assertEquals(Shape.of(2, 1), new Flatten().forward(Tensor.zeros(2)).shape());
        assertSays(assertThrows(IllegalArgumentException.class, () -> new Flatten().forward(Tensor.scalar(1))),
                "Flatten", "[n, ..]");
    }

    @Test
    void nameThemselvesWhenShapesDoNotFit() {
        for (Shape shape : new Shape[]{Shape.of(1, 2, 2, 9), Shape.of(1, 2, 9, 2), Shape.of(9, 9)}) {
            Tensor x = Tensor.zeros(shape.dims());
            assertSays(assertThrows(IllegalArgumentException.class, () -> MaxPool2d.of(3).forward(x)), "MaxPool2d",
                    shape.toString(), "size 3");
            assertSays(assertThrows(IllegalArgumentException.class, () -> AvgPool2d.of(3).forward(x)), "AvgPool2d",
                    shape.toString(), "size 3");
        }
        for (int[] bad : new int[][]{{0, 1, 0}, {2, 0, 0}, {2, 2, -1}, {2, 2, 2}}) {
            assertSays(assertThrows(IllegalArgumentException.class, () -> new MaxPool2d(bad[0], bad[1], bad[2])),
                    "MaxPool2d: size " + bad[0], "stride " + bad[1], "padding " + bad[2]);
            assertSays(assertThrows(IllegalArgumentException.class, () -> new AvgPool2d(bad[0], bad[1], bad[2])),
                    "AvgPool2d: size " + bad[0], "stride " + bad[1], "padding " + bad[2]);
        }
    }
}
