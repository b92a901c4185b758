package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.Tensor;
import autograd.nn.Actions;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.ActionChain;

/**
 * A plateau against the loop of PyTorch's ReduceLROnPlateau, which changes a rate in place. Metrics are few
 * whole numbers, so that they often differ by the threshold exactly.
 */
class PlateauMachineTest {
    private record Settings(double factor, int patience, double threshold, boolean absolute, boolean rising,
            int cooldown, double min) {
        Plateau plateau() {
            Plateau plateau = new Plateau(factor, patience).cooldown(cooldown).min(min);
            if (absolute)
                plateau.absoluteThreshold(threshold);
            else
                plateau.threshold(threshold);
            return rising ? plateau.rising() : plateau;
        }
    }

    private static final class Machine {
        private final Settings settings;
        private final double[] bases = {1, 0.3, 1e-3}, rates = bases.clone();
        private Plateau plateau;
        private double best = Double.NaN;
        private int bad, pardoned;

        Machine(Settings settings) {
            this.settings = settings;
            plateau = settings.plateau();
        }

        void observe(double metric) {
            plateau.observe(metric);
            if (isBetter(metric)) {
                best = metric;
                bad = 0;
            } else {
                bad++;
            }
            if (pardoned > 0) {
                pardoned--;
                bad = 0;
            }
            if (bad > settings.patience) {
                bad = 0;
                pardoned = settings.cooldown;
                for (int i = 0; i < rates.length; i++) {
                    double rate = Math.max(rates[i] * settings.factor, settings.min);
                    if (rates[i] - rate > 1e-8)
                        rates[i] = rate;
                }
            }
        }

        private boolean isBetter(double metric) {
            if (Double.isNaN(best))
                return !Double.isNaN(metric);
            double margin = settings.absolute ? settings.threshold : settings.threshold * Math.abs(best);
            return settings.rising ? metric > best + margin : metric < best - margin;
        }

        void saveAndRestore() {
            Tensor saved = plateau.state().getFirst().detach();
            plateau = settings.plateau();
            plateau.state().getFirst().assign(saved);
        }

        void check() {
            for (int i = 0; i < bases.length; i++)
                assertEquals(rates[i], plateau.rate(bases[i], 7));
        }

        @Override
        public String toString() { return settings + ", best " + best; }
    }

    @Provide
    Arbitrary<ActionChain<Machine>> chains() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 3);
        return Combinators.combine(Arbitraries.of(0.0, 0.1, 0.5), few, Arbitraries.of(0.0, 0.25, 0.5),
                Arbitraries.of(true, false), Arbitraries.of(true, false), few, Arbitraries.of(0.0, 0.02, 0.5))
                .as(Settings::new)
                .flatMap(settings -> ActionChain.startWith(() -> new Machine(settings))
                        .withAction(6, Actions.of("observe", Arbitraries.of(-4.0, -2.0, -1.0, 0.0, 1.0, 1.5, 2.0, 2.5,
                                3.0, 4.0, Double.NaN), Machine::observe))
                        .withAction(1, Actions.of("save and restore", Machine::saveAndRestore))
                        .withMaxTransformations(30));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void isTheLoopOfPyTorch(@ForAll("chains") ActionChain<Machine> chain) { chain.withInvariant(Machine::check).run(); }
}
