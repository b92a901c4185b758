package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.optim.Sgd;
import autograd.nn.train.Trainer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;

/** Training methods leave the thread without an open tape, even if the loss opened some and closed none. */
class LeftOpenTapesTest {
    private final Dense dense = Dense.of(new Rng(1), 2, 1);

    private Tensor forgetful(boolean fail) {
        new GradientTape();
        Tensor y = dense.forward(Tensor.ones(3, 2)).square().mean();
        new GradientTape();
        if (fail)
            throw new ArithmeticException("on purpose");
        return y;
    }

    @AfterEach
    void noTapeIsOpen() { assertThrows(IllegalStateException.class, () -> dense.weight().sum().backward()); }

    @Test
    void minimize() {
        var optimizer = new Sgd(0.01);
        for (int i = 0; i < 3; i++) {
            optimizer.minimize(dense, () -> forgetful(false));
            assertThrows(ArithmeticException.class, () -> optimizer.minimize(dense, () -> forgetful(true)));
            noTapeIsOpen();
        }
        assertEquals(3, optimizer.steps());
    }

    @Test
    void trainer() {
        for (boolean fail : new boolean[]{false, true}) {
            var trainer = Trainer.<Tensor>of(dense, (x, _) -> dense.forward(x),
                    (y, _) -> y.mean().add(forgetful(fail)),
                    new Sgd(0.01), new Rng(2));
            Executable fit = () -> trainer.fit(_ -> List.of(Tensor.ones(3, 2)), List.of(), 1);
            if (fail)
                assertThrows(ArithmeticException.class, fit);
            else
                trainer.fit(_ -> List.of(Tensor.ones(3, 2)), List.of(), 1);
            noTapeIsOpen();
        }
    }
}
