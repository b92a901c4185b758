package autograd.check;

import autograd.GradientTape;
import autograd.Recorder;
import autograd.SourceLines;
import autograd.Tensor;

import java.util.Optional;

/** Says where on a tape something went wrong. */
public final class Explain {
    private Explain() {}

    /**
     * A recorder that remembers the line of source that made each node:
     * {@code new GradientTape(Explain.tracing())}.
     */
    public static Recorder tracing() { return new SourceLines(); }

    /**
     * Where the NaN or infinity in a result began: the operation whose output is not finite though its inputs
     * are, or the variable, watched tensor or constant that is not finite itself. Only what reaches the result
     * counts: {@code log(0)} that {@code where} leaves out, or the minus infinities of an attention mask, are no
     * cause. Of several causes the first on the tape is named. Ask before the tape is played back.
     *
     * @param tape
     *            the tape the result was computed under
     * @param result
     *            the result, usually a loss
     * @return the operation, its inputs and output, and where tracing is on the line of source; empty if all
     *         elements of the result are finite
     */
    public static Optional<String> nonFinite(GradientTape tape, Tensor result) {
        return NonFinite.in(result)
                ? Optional.of(new NonFinite(tape.nodes(), result).first(tape.recorder()))
                : Optional.empty();
    }
}
