package autograd.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Functional;
import autograd.GradientTape;
import autograd.Node;
import autograd.SourceLines;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.stream.Collectors;

/** The line of the user's source that made a node, for all kinds of calls. */
class SourceLinesTest {
    private final Variable w = new Variable("w", Tensor.of(DType.F64, 1, 2, 3));

    private static Set<String> methods(GradientTape tape, SourceLines lines) {
        return tape.nodes().stream().filter(node -> !node.isLeaf()).map(node -> method(lines, node))
                .collect(Collectors.toSet());
    }

    private static String method(SourceLines lines, Node node) {
        var frame = lines.of(node).orElseThrow();
        return frame.getDeclaringClass().getSimpleName() + "." + frame.getMethodName();
    }

    private Tensor loss() { return Tensor.einsum("i,i->", w.sigmoid().mul(2), w).add(w.std()); }

    @Test
    void operationsAreTheCallers() {
        var lines = new SourceLines();
        try (var tape = new GradientTape(lines)) {
            loss();
            assertEquals(Set.of("SourceLinesTest.loss"), methods(tape, lines));
        }
    }

    /** Rules, sums of shares and what the library computes of them: the user's line is the one that asks. */
    private Tensor slope() {
        try (var inner = new GradientTape()) {
            return inner.gradient(w.matmul(w).add(w.sum(0).mul(w)).sum(), w);
        }
    }

    @Test
    void resultsOfAnInnerPlaybackStayReadable() {
        var lines = new SourceLines();
        try (var tape = new GradientTape(lines)) {
            slope();
            assertEquals(Set.of("SourceLinesTest.slope"), methods(tape, lines));
        }
    }

    private Tensor functional() {
        return Functional.checkpoint(in -> in[0].mul(2)).of(Functional.grad(x -> x.square().mul(w).sum()).apply(w));
    }

    @Test
    void functionsOfFunctionsAreTheCallersToo() {
        var lines = new SourceLines();
        try (var tape = new GradientTape(lines)) {
            functional();
            assertTrue(methods(tape, lines).stream().allMatch(m -> m.startsWith("SourceLinesTest.")),
                    () -> methods(tape, lines).toString());
        }
    }

    private void lose() {
        GradientTape lost = new GradientTape(new SourceLines());
        w.square();
        assertEquals(2, lost.nodes().size());
    }

    @Test
    void aTapeThatWasLeftOpenNamesTheLineThatOpenedIt() {
        lose();
        System.gc(); // the default collectors clear references to what is unreachable before this returns
        String message = assertThrows(IllegalStateException.class, () -> w.mul(2)).getMessage();
        assertTrue(message.contains("SourceLinesTest.lose(SourceLinesTest.java:"), message);
    }
}
