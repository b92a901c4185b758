package autograd;

import java.util.LinkedHashSet;
import java.util.Set;

/** Runs a function that no tape records, and notes the tracked tensors that it uses besides its arguments. */
final class Capture implements Recorder {
    private final Recording recording = Recording.current();
    private final int from = recording.size();
    private final Set<Tensor> used = new LinkedHashSet<>();

    Tensor run(Functional.Fn f, Tensor... in) {
        return GradientTape.paused(() -> {
            Tensor[] arguments = aliases(in, in.length);
            try (var tape = new GradientTape(this)) {
                watchTracked(tape, arguments, in);
                Tensor y = f.of(arguments);
                note(y);
                return y;
            }
        });
    }

    /** The tensors that were used, in that order. */
    Set<Tensor> used() { return used; }

    @Override
    public void recorded(Node node) { node.inputs().forEach(this::note); }

    /** Adds a tensor if it is a variable, or was recorded before. */
    private void note(Tensor t) {
        Node source = recording.nodeOf(t);
        if (source != null && (source.index() < from || t instanceof Variable))
            used.add(t);
    }

    /** Makes an alias tracked if its original is, so that tapes inside the function find its gradient. */
    static void watchTracked(GradientTape tape, Tensor[] aliases, Tensor[] originals) {
        for (int i = 0; i < aliases.length; i++)
            if (Recording.current().nodeOf(originals[i]) != null)
                aliases[i] = tape.watch(aliases[i]);
    }

    /**
     * The same values, the first n of them as tensors of their own: so an argument is told apart from another
     * one, or a captured tensor, that is the same.
     */
    static Tensor[] aliases(Tensor[] in, int n) {
        Tensor[] out = in.clone();
        for (int i = 0; i < n; i++)
            out[i] = in[i].apply(new GradientFlow.Identity());
        return out;
    }
}
