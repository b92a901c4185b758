package autograd;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.check.GradCheck;
import autograd.check.Report;
import autograd.check.Report.Verdict;

import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterProperty;

import java.util.Map;
import java.util.TreeMap;

/** The derivatives of every operation, of orders 1 and 2, are the slopes of its values. */
class OpDerivativeTest {
    private final Map<String, int[]> verdicts = new TreeMap<>();

    @ForEveryOp
    void derivativesAreSlopes(@ForEveryOp.Case OpCase c, @ForAll int seed) {
        Report report = GradCheck.of(c.op()).seed(seed).check(c.in());
        verdicts.computeIfAbsent(c.op().name(), _ -> new int[2])[report.verdict() == Verdict.INCONCLUSIVE ? 1 : 0]++;
        assertNotEquals(Verdict.FAILED, report.verdict(), report::toString);
    }

    /** Little else than ties of max and min may be inconclusive. */
    @AfterProperty
    void fewAreInconclusive() {
        int all = 0, inconclusive = 0;
        for (var e : verdicts.entrySet()) {
            int n = e.getValue()[0] + e.getValue()[1], open = e.getValue()[1];
            assertTrue(open <= 4 + n / 3, () -> open + " of " + n + " checks of " + e.getKey() + " are inconclusive");
            all += n;
            inconclusive += open;
        }
        assertTrue(inconclusive <= 10 + all / 50, inconclusive + " of " + all + " checks are inconclusive");
    }
}
