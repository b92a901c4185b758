package autograd.viz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.viz.Playback.Share;
import autograd.viz.TapeGraph.Vertex;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** The two wrong orders give wrong gradients as documented; computed here by hand. */
class PlaybackTest {
    private final Variable x = Tapes.variable("x", 3);

    private static double gradient(Playback playback, TapeGraph graph, String name) {
        Vertex vertex = graph.vertices().stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
        return playback.gradient(vertex).item();
    }

    /** a = 2 x, loss = 5 a + 7 a: a passes on 5 too early, and again together with 7. */
    private static Tensor diamond(Variable x) {
        Tensor a = x.mul(2);
        return a.mul(5).add(a.mul(7));
    }

    @Test
    void recursionPassesOnTooEarlyAndTwice() {
        try (var tape = new GradientTape()) {
            TapeGraph graph = new TapeGraph(tape, diamond(x), Map.of());
            Playback naive = Playback.recursive(graph);
            assertEquals(24, gradient(graph.playback(), graph, "x"));
            assertEquals(12, gradient(naive, graph, "v1"));
            assertEquals(2 * 5 + 2 * (5 + 7), gradient(naive, graph, "x"));
            assertEquals(1, naive.shares().stream().filter(Share::early).count());
            assertEquals("v1", naive.shares().stream().filter(Share::early).findFirst().orElseThrow().edge().output()
                    .name());
            assertEquals(naive.shares().size(), Playback.steps(graph));
            assertTrue(graph.playback().shares().stream().noneMatch(Share::early));
        }
    }

    @Test
    void aSecondPlaybackCarriesTheFirstAlong() {
        try (var tape = new GradientTape()) {
            TapeGraph graph = new TapeGraph(tape, diamond(x), Map.of());
            Playback again = Playback.again(graph);
            assertEquals(12 + 5 * 2 + 7 * 2, gradient(again, graph, "v1"));
            assertEquals(24 + 2 * (12 + 5 * 2 + 7 * 2), gradient(again, graph, "x"));
        }
        try (var tape = new GradientTape().persistent()) {
            Tensor loss = diamond(x);
            loss.backward();
            loss.backward();
            assertEquals(2 * 24, x.grad().item());
        }
    }

    @Test
    void aChainIsRightInAnyOrder() {
        try (var tape = new GradientTape()) {
            TapeGraph graph = new TapeGraph(tape, x.mul(2).sin().exp(), Map.of());
            Playback naive = Playback.recursive(graph);
            for (Vertex v : graph.vertices())
                if (graph.gradient(v) != null)
                    assertEquals(graph.gradient(v).item(), naive.gradient(v).item(), v.name());
        }
    }

    @Test
    void aTensorThatIsBothInputsGetsBothShares() {
        try (var tape = new GradientTape()) {
            TapeGraph graph = new TapeGraph(tape, x.mul(x), Map.of());
            assertEquals(6, gradient(graph.playback(), graph, "x"));
            assertEquals(6, gradient(Playback.recursive(graph), graph, "x"));
        }
    }

    @Test
    void recursionThatWouldNotEndIsCutShort() {
        try (var tape = new GradientTape()) {
            Tensor y = x;
            for (int i = 0; i < 60; i++)
                y = y.add(y.mul(Tensor.scalar(DType.F64, 0.5)));
            TapeGraph graph = new TapeGraph(tape, y, Map.of());
            Playback naive = Playback.recursive(graph);
            assertFalse(naive.isComplete());
            assertTrue(naive.shares().size() < 2000);
            assertTrue(Playback.steps(graph) > 1e18);
            assertTrue(TapePage.of(graph).contains("\"naiveEnds\":false"));
        }
    }
}
