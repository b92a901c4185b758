package autograd.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Schedules made of schedules, against counters that are moved on step by step. */
class ScheduleTreesTest {
    private enum Kind {
        THEN, AND, EVERY, RESTARTING
    }

    /** The schedule and its counter, in one tree. */
    private sealed interface Tree {
        Schedule schedule();

        Counter counter();
    }

    /** Called once a step, with the rate that the schedule starts from. */
    private interface Counter {
        double next(double base);
    }

    /** A line with a slope of its own, so that no two steps and no two leaves are alike. */
    private record Leaf(int slope) implements Tree {
        public Schedule schedule() { return (base, t) -> base * (1 + slope * t); }

        public Counter counter() {
            long[] t = {0};
            return base -> base * (1 + slope * t[0]++);
        }
    }

    private record Branch(Kind kind, Tree a, Tree b, int n) implements Tree {
        public Schedule schedule() {
            return switch (kind) {
                case THEN -> a.schedule().then(n, b.schedule());
                case AND -> a.schedule().and(b.schedule());
                case EVERY -> a.schedule().every(n);
                case RESTARTING -> a.schedule().restarting(n);
            };
        }

        public Counter counter() {
            Counter[] now = {a.counter()};
            int[] done = {0};
            if (kind == Kind.AND) {
                Counter other = b.counter();
                return base -> other.next(now[0].next(base));
            }
            if (kind == Kind.EVERY)
                return slow(now[0]);
            return base -> {
                if (done[0] == n) {
                    now[0] = kind == Kind.THEN ? b.counter() : a.counter();
                    done[0] = kind == Kind.THEN ? Integer.MIN_VALUE : 0;
                }
                done[0]++;
                return now[0].next(base);
            };
        }

        /** Every rate here is proportional to its base. */
        private Counter slow(Counter inner) {
            int[] done = {0};
            double[] rate = {0};
            return base -> {
                if (done[0]++ % n == 0)
                    rate[0] = inner.next(1);
                return base * rate[0];
            };
        }
    }

    @Provide
    Arbitrary<Tree> trees() { return trees(4); }

    private static Arbitrary<Tree> trees(int depth) {
        Arbitrary<Tree> leaves = Arbitraries.integers().between(1, 9).map(Leaf::new);
        if (depth == 0)
            return leaves;
        Arbitrary<Tree> branches = Combinators.combine(Arbitraries.of(Kind.class), trees(depth - 1), trees(depth - 1),
                Arbitraries.integers().between(1, 5)).as(Branch::new);
        return Arbitraries.oneOf(leaves, branches);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void areCountersMovedOnStepByStep(@ForAll("trees") Tree tree) {
        Schedule schedule = tree.schedule();
        Counter counter = tree.counter();
        for (int t = 0; t < 40; t++) {
            double expected = counter.next(0.5);
            assertEquals(expected, schedule.rate(0.5, t), 1e-12 * expected);
        }
    }
}
