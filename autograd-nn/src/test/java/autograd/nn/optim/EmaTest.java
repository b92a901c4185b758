package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.Rng;
import autograd.nn.Dense;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class EmaTest {
    private final Dense model = Dense.of(new Rng(0), 3, 2);

    private List<double[]> values() { return model.variables().stream().map(Tensor::toDoubleArray).toList(); }

    private static void assertSame(List<double[]> expected, List<double[]> actual) {
        for (int i = 0; i < expected.size(); i++)
            assertArrayEquals(expected.get(i), actual.get(i));
    }

    @Property(tries = 50)
    void isTheWeightedMeanOfAllValues(@ForAll @DoubleRange(min = 0, max = 0.99) double decay,
            @ForAll @Size(min = 1, max = 8) List<@DoubleRange(min = -2, max = 2) Double> path) {
        Variable v = model.variables().getFirst();
        var ema = new Ema(model, decay);
        double expected = v.toDoubleArray()[0];
        for (double value : path) {
            v.assign(Tensor.full(value, v.shape().dims()));
            ema.update();
            expected = decay * expected + (1 - decay) * value;
        }
        double average = ema.averaged(() -> v.toDoubleArray()[0]);
        assertEquals(expected, average, 1e-5);
        assertEquals(path.getLast(), v.toDoubleArray()[0], 1e-6);
    }

    @Test
    void swapsBackAfterAnEvaluationThatThrows() {
        var ema = new Ema(model, 0.5);
        model.variables().forEach(v -> v.assign(v.add(1)));
        ema.update();
        List<double[]> before = values();
        assertThrows(UnsupportedOperationException.class, () -> ema.averaged(() -> {
            throw new UnsupportedOperationException();
        }));
        assertSame(before, values());
        ema.swap();
        var e = assertThrows(IllegalStateException.class, ema::update);
        assertTrue(e.getMessage().contains("swap()"), e::getMessage);
        ema.swap();
        assertSame(before, values());
    }

    @Test
    void goesOnWhereItWasSaved() {
        var ema = new Ema(model, 0.5);
        model.variables().forEach(v -> v.assign(v.mul(3)));
        ema.update();
        var resumed = new Ema(model, 0.5);
        resumed.restore(ema.save());
        assertSame(ema.averaged(this::values), resumed.averaged(this::values));
        var e = assertThrows(IllegalArgumentException.class, () -> resumed.restore(Map.of()));
        assertTrue(e.getMessage().contains("ema/weight"), e::getMessage);
    }

    @Test
    void averagesWhatIsUnfrozenLater() {
        model.freeze();
        var ema = new Ema(model, 0.5);
        model.unfreeze();
        List<double[]> before = values();
        model.variables().forEach(v -> v.assign(v.add(1)));
        ema.update();
        double average = ema.averaged(() -> values().getFirst()[0]);
        assertEquals(before.getFirst()[0] + 0.5, average, 1e-6);
        assertThrows(IllegalArgumentException.class, () -> new Ema(model, 1));
    }

    @Test
    void refusesTrainingOfTheAverages() {
        var ema = new Ema(model, 0.5);
        ema.swap();
        model.variables().getFirst().assign(model.variables().getFirst().add(1));
        var e = assertThrows(IllegalStateException.class, ema::swap);
        assertTrue(e.getMessage().contains("weight"), e::getMessage);
    }

    @Test
    void anEvaluationCannotSwap() {
        var ema = new Ema(model, 0.5);
        model.variables().forEach(v -> v.assign(v.add(1)));
        ema.update();
        List<double[]> before = values();
        assertThrows(IllegalStateException.class, () -> ema.averaged(() -> {
            ema.swap();
            return 0;
        }));
        assertSame(before, values());
    }
}
