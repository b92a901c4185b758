package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import autograd.array.DType;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tape notifies its recorder of every node that it records and plays back, in order. */
class RecorderTest {
    private final Variable w = new Variable("w", Tensor.scalar(DType.F64, 3));

    /** Records events, each with a label. */
    private record Notes(String label, List<String> events) implements Recorder {
        @Override
        public void recorded(Node node) {
            assertSame(node, node.output().node());
            events.add(label + "+ " + node + " " + node.output().item());
        }

        @Override
        public void played(Node node, Tensor g, Tensor[] cotangents) {
            List<Object> shares = Arrays.stream(cotangents).<Object>map(t -> t == null ? "-" : t.item()).toList();
            events.add(label + "- " + node + " " + g.item() + " " + shares);
        }
    }

    private final List<String> events = new ArrayList<>();

    private Notes notes(String label) { return new Notes(label, events); }

    @Test
    void linesAreToldInOrder() {
        try (var tape = new GradientTape(notes(""))) {
            Tensor y = w.square().mul(10).add(w);
            tape.gradient(y, w);
        }
        assertEquals(List.of( //
                "+ v0 = leaf 3.0", //
                "+ v1 = square 9.0", //
                "+ v2 = mul 90.0", //
                "+ v3 = add 93.0", //
                "- v3 = add 1.0 [1.0, 1.0]", //
                "- v2 = mul 1.0 [10.0, -]", //
                "- v1 = square 10.0 [60.0]"), events);
    }

    @Test
    void watchedTensorsAreLeaves() {
        try (var tape = new GradientTape(notes(""))) {
            tape.watch(Tensor.scalar(4));
            tape.watch(w);
        }
        assertEquals(List.of("+ v0 = leaf 4.0", "+ v1 = leaf 3.0"), events);
    }

    @Test
    void theOuterTapeSeesTheInnerOnesPlaybackAndTheInnerDoesNot() {
        try (var _ = new GradientTape(notes("outer"))) {
            try (var inner = new GradientTape(notes("inner"))) {
                inner.gradient(w.square(), w);
            }
        }
        assertEquals(List.of( //
                "inner+ v0 = leaf 3.0", "outer+ v0 = leaf 3.0", //
                "inner+ v1 = square 9.0", "outer+ v1 = square 9.0", //
                "outer+ v2 = mul 6.0", "outer+ v3 = zmul 6.0", //
                "inner- v1 = square 1.0 [6.0]"), events);
    }

    @Test
    void aTapeOpenedWhilePausedIsSeenByItsOwnRecorderAlone() {
        try (var _ = new GradientTape(notes("outer"))) {
            GradientTape.paused(() -> {
                try (var alone = new GradientTape(notes("alone"))) {
                    return alone.gradient(w.neg(), w);
                }
            });
        }
        assertEquals(List.of("alone+ v0 = leaf 3.0", "alone+ v1 = neg -3.0", "alone- v1 = neg 1.0 [-1.0]"), events);
    }

    @Test
    void cotangentsAreShapedAsTheInputs() {
        Variable row = new Variable(Tensor.ones(DType.F64, 3));
        List<String> shapes = new ArrayList<>();
        Recorder recorder = new Recorder() {
            @Override
            public void played(Node node, Tensor g, Tensor[] cotangents) {
                shapes.add(node.op().name() + " " + g.shape() + " " + cotangents[0].shape());
            }
        };
        try (var tape = new GradientTape(recorder)) {
            tape.gradients(row.mul(Tensor.ones(DType.F64, 2, 3)).sum());
        }
        assertEquals(List.of("sum [] [2, 3]", "mul [2, 3] [3]"), shapes);
    }

    @Test
    void theRecorderThatWatchesNothingSaysNothing() {
        try (var tape = new GradientTape(Recorder.NONE)) {
            assertEquals(6, tape.gradient(w.square(), w).item());
        }
        assertEquals(List.of(), events);
    }
}
