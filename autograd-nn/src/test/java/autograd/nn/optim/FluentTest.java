package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.Variable;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Settings may be chained in any order: each returns the type of the optimizer that it is called on. */
class FluentTest {
    private static List<Class<?>> optimizers() {
        return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("autograd.nn.optim").stream().map(JavaClass::reflect)
                .<Class<?>>map(c -> c).filter(c -> Optimizer.class.isAssignableFrom(c) && c != Optimizer.class)
                .toList();
    }

    @Test
    void everySetterReturnsTheOptimizersOwnType() {
        List<String> wrong = new ArrayList<>();
        var settings = new TreeSet<String>();
        assertTrue(optimizers().size() >= 9);
        for (Class<?> type : optimizers())
            for (Method m : type.getMethods())
                if (Optimizer.class.isAssignableFrom(m.getReturnType()) && !m.isBridge()) {
                    settings.add(m.getName());
                    if (m.getReturnType() != type)
                        wrong.add(type.getSimpleName() + ": " + m);
                }
        assertEquals(List.of(), wrong);
        assertTrue(settings.containsAll(List.of("learningRate", "schedule", "clip", "group", "maximize",
                "weightDecay", "betas")), settings::toString);
    }

    @Test
    void aChainIsOneObjectWithAllSettings() {
        var bias = new Variable("bias", Tensor.of(1));
        var w = new Variable("w", Tensor.of(1));
        AdamW adam = new AdamW(1).schedule(Schedule.exponentialDecay(0.5)).amsgrad().clip(Clip.value(1))
                .betas(0.5, 0.5).group(List.of(bias), new Sgd(1).maximize().momentum(0.5)).epsilon(0)
                .learningRate(0.25).weightDecay(0);
        assertSame(adam, adam.learningRate(0.25));
        assertEquals(0.25, adam.learningRate());
        adam.minimize(List.of(w, bias), () -> w.sum().add(bias.sum()));
        assertEquals(0.75, w.item(), 1e-6);
        assertEquals(2, bias.item(), 1e-6);
        assertEquals(0.125, adam.learningRate());
    }

    @Test
    void aUsersOptimizerChainsToo() {
        class Mine extends Optimizer {
            Mine() { super(1); }

            @Override
            protected int slots() { return 0; }

            @Override
            protected Variable.Update rule(long t) { return (s, g) -> s[0] -= learningRate() * g; }
        }
        var w = new Variable("w", Tensor.of(1));
        new Mine().learningRate(0.5).clip(Clip.value(1)).minimize(List.of(w), () -> w.mul(8).sum());
        assertEquals(0.5, w.item());
        assertTrue(Stream.of(Mine.class.getMethods()).anyMatch(m -> m.getName().equals("clip")));
    }
}
