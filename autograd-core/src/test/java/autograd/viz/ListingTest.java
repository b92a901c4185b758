package autograd.viz;

import static autograd.viz.Golden.assertGolden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.viz.TapeGraph.Vertex;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The listing shows the computation and the playback, and does not change the tape. */
class ListingTest {
    private final Variable a = Tapes.variable("a", -4), b = Tapes.variable("b", 2);

    @Test
    void micrograd() throws IOException {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.micrograd(a, b);
            assertGolden("micrograd.txt", Listing.of(tape));
            assertEquals(Listing.of(tape), Listing.of(tape, loss));
        }
    }

    @Test
    void aStepOfANetwork() throws IOException {
        try (var tape = new GradientTape()) {
            Tapes.Result step = Tapes.mlp(tape);
            assertGolden("mlp.txt", Listing.of(tape, step.loss(), step.names()));
        }
    }

    @Test
    void fusedRulesAreWrittenByTheirDefinition() throws IOException {
        Variable w = new Variable("a.rather.long.path.to.some.weight", Tensor.of(DType.F64, new double[24], 4, 6));
        Variable gain = new Variable("gain", Tensor.ones(DType.F64, 6));
        try (var tape = new GradientTape()) {
            Tensor loss = w.layerNorm(gain, Tensor.zeros(DType.F64, 6), 1e-5).gelu()
                    .sparseSoftmaxCrossEntropy(IntTensor.of(0, 1, 2, 3)).mean();
            assertGolden("fused.txt", Listing.of(tape, loss));
        }
    }

    @Test
    void aTapeThatWasListedIsPlayedBackAsEver() {
        try (var tape = new GradientTape()) {
            Tensor loss = Tapes.micrograd(a, b);
            int lines = tape.nodes().size();
            Listing.of(tape, loss);
            assertEquals(lines, tape.nodes().size());
            loss.backward();
        }
        assertEquals(138.8338, a.grad().item(), 1e-4);
        assertEquals(645.5773, b.grad().item(), 1e-4);
    }

    @Test
    void gradientsAreTheTapesOwn() {
        try (var tape = new GradientTape().persistent()) {
            assertSameGradients(tape, Tapes.micrograd(a, b));
            assertSameGradients(tape, Tapes.mlp(tape).loss());
            assertSameGradients(tape, Tapes.neurons(3, 4));
        }
    }

    private static void assertSameGradients(GradientTape tape, Tensor loss) {
        TapeGraph graph = new TapeGraph(tape, loss, Map.of());
        List<Vertex> reached = graph.vertices().stream().filter(v -> graph.gradient(v) != null).toList();
        Gradients gradients = tape.gradient(loss, reached.stream().map(Vertex::value).toList());
        assertTrue(reached.size() > 5);
        for (Vertex v : reached)
            assertArrayEquals(gradients.of(v.value()).toDoubleArray(), graph.gradient(v).toDoubleArray(), v.name());
        for (Vertex v : graph.vertices())
            assertEquals(graph.isDead(v), v.kind() != TapeGraph.Kind.CONSTANT && !reached.contains(v), v.name());
    }

    @Test
    void anOuterTapeDoesNotSeeTheListingBeMade() {
        try (var outer = new GradientTape()) {
            try (var tape = new GradientTape()) {
                Tensor loss = Tapes.diamond(a);
                int lines = outer.nodes().size();
                assertTrue(Listing.of(tape, loss).contains("g_a"));
                assertEquals(lines, outer.nodes().size());
            }
        }
    }

    @Test
    void variablesOfATapeAroundAreVariables() {
        try (var outer = new GradientTape()) {
            Tensor before = a.mul(b);
            try (var tape = new GradientTape()) {
                String text = Listing.of(tape, a.mul(before).square());
                assertTrue(text.contains("a  = variable : [] f64 = -4"), text);
                assertTrue(text.contains("mul(a, -8)"), text);
            }
            assertFalse(outer.nodes().isEmpty());
        }
    }

    @Test
    void everythingHasANameOfItsOwn() {
        Variable second = Tapes.variable("a", 5), nameless = new Variable(Tensor.scalar(DType.F64, 7));
        try (var tape = new GradientTape()) {
            Tensor x = tape.watch(Tensor.scalar(DType.F64, 1)), y = tape.watch(Tensor.scalar(DType.F64, 2));
            Tensor h = a.mul(second).add(nameless);
            Tensor loss = h.mul(x).mul(y);
            String text = Listing.of(tape, loss, Map.of(h, "h"));
            for (String line : List.of("a   = variable", "a#2 = variable", "v5  = variable", "x0  = watched",
                    "x1  = watched", "h   = add(v4, v5)", "g_h += g7 * x0", "g5 += g_h", "g_a#2 += g4 * a"))
                assertTrue(text.replaceAll(" +\\+=", " +=").contains(line), () -> line + " in\n" + text);
        }
    }

    @Test
    void unreadableFolderIsAnErrorWithTheReason() {
        try (var tape = new GradientTape()) {
            assertMessage("the tape is empty", () -> Listing.of(tape));
            Tensor v = a.mul(Tensor.of(DType.F64, 1, 2));
            assertMessage("the result on the last line has shape [2]", () -> Listing.of(tape));
            assertMessage("the result has shape [2]", () -> Listing.of(tape, v));
            assertMessage("the result, tensor [], is not on this tape",
                    () -> Listing.of(tape, Tensor.scalar(DType.F64, 1)));
        }
    }

    @Test
    void aTapeThatWasPlayedBackIsNotReadAnyMore() {
        try (var tape = new GradientTape()) {
            Tensor unused = a.exp(), loss = a.mul(a).add(unused.detach());
            tape.gradients(loss);
            Map<Tensor, String> names = Map.of();
            for (Runnable door : List.<Runnable>of(() -> Listing.of(tape), () -> Listing.of(tape, loss),
                    () -> Listing.of(tape, unused), () -> Dot.of(tape, loss), () -> Svg.of(tape, loss),
                    () -> TapePage.write(Path.of("never"), tape, loss), () -> Formula.of(tape, loss, names))) {
                String message = assertThrows(IllegalStateException.class, door::run).getMessage();
                assertTrue(message.contains("played back") && message.contains("persistent()"), message);
            }
        }
        try (var tape = new GradientTape().persistent()) {
            Tensor loss = a.mul(a);
            String before = Listing.of(tape, loss);
            tape.gradients(loss);
            assertEquals(before, Listing.of(tape, loss));
        }
    }

    private static void assertMessage(String part, Runnable action) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void linesFit() {
        Variable w = Tapes.variable("w".repeat(150), 2);
        try (var tape = new GradientTape()) {
            String text = Listing.of(tape, w.mul(w).add(w).tanh());
            assertTrue(text.lines().allMatch(line -> line.length() <= 120), text);
            assertEquals(9, text.replaceAll("\\s", "").split("w{150}", -1).length - 1, text);
        }
    }
}
