package autograd.nn.optim;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.nn.Activation;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Groups of variables with separate rules. */
class GroupTest {
    private final Variable weight = new Variable("weight", Tensor.of(DType.F64, 4, 4));
    private final Variable bias = new Variable("bias", Tensor.of(DType.F64, 4));

    private double minimize(Optimizer optimizer) {
        return optimizer.minimize(List.of(weight, bias), () -> weight.sum().add(bias.sum()));
    }

    @Test
    void aGroupHasItsOwnRateAndDecay() {
        minimize(new Sgd(0.5).weightDecay(0.25).group(List.of(bias), new Sgd(2)));
        assertArrayEquals(new double[]{3, 3}, weight.toDoubleArray());
        assertArrayEquals(new double[]{2}, bias.toDoubleArray());
    }

    /** Equals two optimizers, each for its own variables. */
    @Test
    void aGroupHasItsOwnRule() {
        var alone = new Variable(Tensor.of(DType.F64, 4, 4));
        var other = new Variable(Tensor.of(DType.F64, 4));
        var adam = new Adam(0.1);
        var sgd = new Sgd(0.1).momentum(0.9);
        Optimizer both = new Adam(0.1).group(List.of(bias), new Sgd(0.1).momentum(0.9));
        for (int t = 0; t < 5; t++) {
            both.minimize(List.of(weight, bias), () -> weight.square().sum().add(bias.square().sum()));
            adam.minimize(List.of(alone), () -> alone.square().sum());
            sgd.minimize(List.of(other), () -> other.square().sum());
        }
        assertArrayEquals(alone.toDoubleArray(), weight.toDoubleArray());
        assertArrayEquals(other.toDoubleArray(), bias.toDoubleArray());
    }

    @Test
    void theScheduleIsForAllFromTheirOwnRates() {
        var rule = new Sgd(4);
        Optimizer optimizer = new Sgd(1).group(List.of(bias), rule).schedule(Schedule.exponentialDecay(0.5));
        minimize(optimizer);
        minimize(optimizer);
        assertEquals(0.25, optimizer.learningRate());
        assertEquals(1, rule.learningRate());
        assertEquals(2, rule.steps());
        assertArrayEquals(new double[]{2.5, 2.5}, weight.toDoubleArray());
        assertArrayEquals(new double[]{-2}, bias.toDoubleArray());
    }

    @Test
    void theNormIsThatOfAllGradients() {
        minimize(new Sgd(1).group(List.of(bias), new Sgd(1)).clip(Clip.norm(1)));
        double by = 1 / (Math.sqrt(3) + 1e-6);
        assertArrayEquals(new double[]{4 - by, 4 - by}, weight.toDoubleArray(), 1e-15);
        assertArrayEquals(new double[]{4 - by}, bias.toDoubleArray(), 1e-15);
    }

    @Test
    void maximizingIsTheRulesOwn() {
        minimize(new Sgd(1).group(List.of(bias), new Sgd(1).maximize()));
        assertArrayEquals(new double[]{3, 3}, weight.toDoubleArray());
        assertArrayEquals(new double[]{5}, bias.toDoubleArray());
    }

    @Test
    void aVariableIsInOneGroup() {
        Optimizer optimizer = new Sgd(1).group(List.of(bias), new Sgd(1));
        assertRefused(optimizer, new Sgd(1), "variable bias", "another group");
        minimize(optimizer);
        assertSays(assertThrows(IllegalArgumentException.class,
                () -> optimizer.group(List.of(weight), new Sgd(1))), "variable weight", "before");
    }

    @Test
    void aRuleIsMadeForItsGroup() {
        Optimizer optimizer = new Sgd(1);
        assertRefused(optimizer, optimizer, "of its own");
        assertRefused(optimizer, new Sgd(1).group(List.of(weight), new Sgd(1)), "without groups");
        assertRefused(optimizer, new Sgd(1).schedule(Schedule.exponentialDecay(1)), "schedule", "set them");
        assertRefused(optimizer, new Sgd(1).clip(Clip.norm(1)), "clipping", "set them");
        var rule = new Sgd(1);
        optimizer.group(List.of(bias), rule);
        assertRefused(new Sgd(1), rule, "of its own");
    }

    private void assertRefused(Optimizer optimizer, Optimizer rule, String... says) {
        assertSays(assertThrows(IllegalArgumentException.class, () -> optimizer.group(List.of(bias), rule)), says);
    }

    @Test
    void theRuleOfAGroupIsNotUsedAlone() {
        var rule = new Sgd(1);
        new Sgd(1).group(List.of(bias), rule);
        assertSays(assertThrows(IllegalStateException.class, () -> minimize(rule)), "step", "rule of a group");
        for (Runnable use : List.<Runnable>of(() -> rule.clip(Clip.norm(1)), () -> rule.schedule((b, _) -> b),
                () -> rule.group(List.of(weight), new Sgd(1)), () -> rule.save(Activation.RELU),
                () -> rule.restore(Activation.RELU, Map.of())))
            assertSays(assertThrows(IllegalStateException.class, use::run), "rule of a group");
    }
}
