package autograd.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import autograd.Functional;
import autograd.GradientTape;
import autograd.Gradients;
import autograd.Node;
import autograd.Op;
import autograd.Recorder;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.NdArray;
import autograd.array.Rng;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Playback recycles buffers, but none that a user can still read. */
class KeptTensorsTest {
    private static final int N = 40; // 1600 numbers, enough to be worth keeping

    private final Variable w = new Variable("w", Tensor.randn(new Rng(1), N, N));
    private final List<Tensor> kept = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();

    private Tensor keep(Tensor t) {
        kept.add(t);
        values.add(t.toDoubleArray());
        return t;
    }

    /** Plays back other tapes afterwards, which would overwrite buffers that were recycled too early. */
    private void assertKept(Runnable body) {
        body.run();
        for (int i = 0; i < 5; i++)
            gradient(x -> x.tanh().mul(x.sigmoid()).add(x.matmul(x.transpose())).softmax(1).log());
        assertFalse(kept.isEmpty());
        for (int i = 0; i < kept.size(); i++)
            assertArrayEquals(values.get(i), kept.get(i).toDoubleArray());
    }

    private Tensor gradient(UnaryOperator<Tensor> f) {
        try (var tape = new GradientTape()) {
            return tape.gradient(f.apply(w).square().sum(), w);
        }
    }

    @Test
    void gradients() {
        assertKept(() -> {
            for (int i = 0; i < 3; i++)
                keep(gradient(x -> x.exp().matmul(x).tanh()));
        });
    }

    @Test
    void gradientsOfIntermediateTensors() {
        assertKept(() -> {
            try (var tape = new GradientTape()) {
                Tensor h = w.exp(), k = h.add(1), y = k.reshape(N * N).square().sum();
                Gradients g = tape.gradient(y, List.of(h, k, w));
                keep(g.of(h));
                keep(g.of(k));
                keep(g.of(w));
            }
        });
    }

    @Test
    void resultsOfAPersistentTape() {
        assertKept(() -> {
            try (var tape = new GradientTape().persistent()) {
                Tensor y = w.exp().mul(w).sum();
                Tensor first = keep(tape.gradient(y, w)), second = keep(tape.gradient(y, w));
                assertArrayEquals(first.toDoubleArray(), second.toDoubleArray());
            }
        });
    }

    @Test
    void accumulatedGradientsStayReadable() {
        assertKept(() -> {
            for (int i = 0; i < 3; i++)
                try (var _ = new GradientTape()) {
                    w.exp().mul(w).sum().backward();
                    keep(w.grad());
                }
        });
    }

    @Test
    void tensorsOfAHookStayReadable() {
        assertKept(() -> gradient(x -> x.exp().onGradient(this::keep).mul(x).onGradient(g -> keep(g.mul(2)))));
    }

    @Test
    void tensorsOfAUsersRuleStayReadable() { assertKept(() -> gradient(x -> x.exp().apply(new Keeping()).mul(x))); }

    @Test
    void tensorsOfACustomRuleStayReadable() {
        UnaryOperator<Tensor> exp = x -> Functional
                .customVjp(in -> in[0].exp(), (g, _, y) -> new Tensor[]{keep(keep(g).mul(keep(y)))}).of(x);
        assertKept(() -> gradient(x -> exp.apply(x.mul(2)).mul(x)));
    }

    @Test
    void tensorsOfACheckpointStayReadable() {
        assertKept(() -> gradient(
                x -> Functional.checkpoint(in -> keep(keep(in[0].exp()).mul(in[0]))).of(x.mul(0.5)).mul(x)));
    }

    @Test
    void tensorsOfARecorderStayReadable() {
        assertKept(() -> {
            var recorder = new Recorder() {
                @Override
                public void played(Node node, Tensor g, Tensor[] cotangents) {
                    keep(g);
                    for (Tensor t : cotangents)
                        keep(t);
                }
            };
            try (var tape = new GradientTape(recorder)) {
                tape.gradient(w.exp().mul(w).matmul(w).sum(), w);
            }
        });
    }

    @Test
    void tensorsOfAnOuterTapeStayReadable() {
        assertKept(() -> {
            try (var outer = new GradientTape()) {
                Tensor g;
                try (var inner = new GradientTape()) {
                    g = keep(inner.gradient(w.exp().mul(w).sum(), w));
                }
                keep(outer.gradient(g.square().sum(), w));
            }
        });
    }

    private final class Keeping implements Op.Unary {
        @Override
        public NdArray forward(NdArray... in) { return in[0]; }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            keep(x);
            keep(y);
            return keep(keep(g).mul(3)).transpose().transpose();
        }
    }
}
