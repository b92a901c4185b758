package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

/** A tape prints its lines, in every state, and is not changed by it. */
class TapeTextTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2));

    @Test
    void printsItsLines() {
        try (var tape = new GradientTape()) {
            assertEquals("GradientTape, 0 lines", tape.toString());
            Tensor x = tape.watch(Tensor.of(DType.F64, 3, 4));
            Tensor loss = w.mul(x).tanh().mul(Tensor.of(DType.F64, 5, 6)).sum().mul(0.5);
            String text = """
                    GradientTape, 7 lines
                      v0 = watched : [2] f64
                      w = variable : [2] f64
                      v2 = mul(w, v0) : [2] f64
                      v3 = tanh(v2) : [2] f64
                      v4 = mul(v3, const [2]) : [2] f64
                      v5 = sum(v4) : [] f64
                      v6 = mul(v5, 0.5) : [] f64""";
            assertEquals(text, tape.toString());
            assertEquals(text, tape.toString());
            loss.backward();
            assertEquals("GradientTape, played back", tape.toString());
        }
    }

    @Test
    void printsWhatAnOuterTapeHolds() {
        try (var outer = new GradientTape(); var inner = new GradientTape()) {
            Tensor y = w.square().sum();
            inner.gradient(y, w);
            assertEquals(inner.nodes().size() + 1, inner.toString().lines().count());
            assertEquals(outer.nodes().size() + 1, outer.toString().lines().count());
        }
    }

    @Test
    void printsNoMoreThanAHundredLines() {
        try (var tape = new GradientTape()) {
            Tensor y = w;
            for (int i = 0; i < 1000; i++)
                y = y.tanh();
            assertEquals(102, tape.toString().lines().count());
        }
    }

    @Test
    void printsInEveryState() throws InterruptedException {
        GradientTape tape = new GradientTape();
        String[] there = new String[1];
        try (tape) {
            w.square();
            Thread other = new Thread(() -> there[0] = tape.toString());
            other.start();
            other.join();
        }
        assertEquals("GradientTape, of another thread", there[0]);
        assertEquals("GradientTape, closed", tape.toString());
    }
}
