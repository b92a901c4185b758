package autograd.nn.data;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;

import org.junit.jupiter.api.Test;

class MinMaxScalerTest {
    private static final Tensor X = Tensor.of(new double[][]{{1, -3, 7}, {3, 5, 7}, {2, 1, 7}});

    @Test
    void columnsGoFromZeroToOne() {
        var scaler = MinMaxScaler.fit(X);
        assertArrayEquals(new double[]{0, 0, 0, 1, 1, 0, 0.5, 0.5, 0}, scaler.transform(X).toDoubleArray());
        assertArrayEquals(X.toDoubleArray(), scaler.inverse(scaler.transform(X)).toDoubleArray());
    }

    @Test
    void otherExamplesMayLieOutside() {
        assertArrayEquals(new double[]{-1, 2, 1}, MinMaxScaler.fit(X).transform(Tensor.of(-1, 13, 8)).toDoubleArray());
    }

    @Test
    void namesTheShapesThatDoNotFit() {
        var scaler = MinMaxScaler.fit(X);
        assertSays(assertThrows(IllegalArgumentException.class, () -> scaler.transform(Tensor.zeros(3, 2))),
                "MinMaxScaler", "[3, 2]", "3 columns");
        assertThrows(IllegalArgumentException.class, () -> scaler.inverse(Tensor.zeros(2)));
        assertSays(assertThrows(IllegalArgumentException.class, () -> MinMaxScaler.fit(Tensor.zeros(3))),
                "MinMaxScaler", "[3]");
        assertThrows(IllegalArgumentException.class, () -> MinMaxScaler.fit(Tensor.zeros(0, 3)));
        assertThrows(IllegalArgumentException.class, () -> new MinMaxScaler(Tensor.zeros(2), Tensor.ones(3)));
    }
}
