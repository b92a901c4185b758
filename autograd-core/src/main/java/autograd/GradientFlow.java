package autograd;

import autograd.array.NdArray;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Operations that control gradients: stop them, observe them, compute them in another way. */
public sealed interface GradientFlow extends Operand permits Tensor {
    /** The same value as a constant: no gradient flows through. */
    default Tensor stopGradient() {
        return self().detach();
    }

    /** The same value; in the playback the hook gets the cotangent and returns the one to go on with. */
    default Tensor onGradient(UnaryOperator<Tensor> hook) {
        return apply(new OnGradient(hook));
    }

    /** An operation whose rule calls a user's code. */
    sealed interface Foreign extends Op {}

    record OnGradient(UnaryOperator<Tensor> hook) implements Op.Unary, Foreign {
        public NdArray forward(NdArray... in) { return in[0]; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return hook.apply(g); }
    }

    /** The same value as a node of its own, so that gradients can be taken with respect to this use alone. */
    record Identity() implements Op.Unary {
        public NdArray forward(NdArray... in) { return in[0]; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g; }
    }

    /** A function with a rule of its own: {@link Functional#customVjp}. */
    record CustomVjp(Functional.Fn f, Functional.Rule rule) implements Foreign {
        public NdArray forward(NdArray... in) { return GradientTape.paused(() -> f.of(constants(in))).array(); }

        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) { return vjps(new boolean[0], g, in, y)[i]; }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            Tensor[] out = rule.vjps(g, in, y).clone();
            if (out.length != in.length)
                throw new IllegalStateException(
                        "customVjp: the rule gave " + out.length + " cotangents for " + in.length + " inputs");
            return out;
        }
    }

    /**
     * A function that is computed again in the playback. Its first inputs are its arguments, the rest its
     * captures.
     */
    record Checkpoint(Functional.Fn f, int arguments) implements Foreign {
        public NdArray forward(NdArray... in) {
            return GradientTape.paused(() -> f.of(constants(Arrays.copyOf(in, arguments)))).array();
        }

        public Tensor vjp(int i, Tensor g, Tensor[] in, Tensor y) {
            boolean[] wanted = new boolean[in.length];
            wanted[i] = true;
            return vjps(wanted, g, in, y)[i];
        }

        @Override
        public Tensor[] vjps(boolean[] wanted, Tensor g, Tensor[] in, Tensor y) {
            Tensor[] asked = Capture.aliases(in, arguments); // before the tape that is about to be played
            try (var tape = new GradientTape()) {
                Tensor[] own = Arrays.copyOf(asked, arguments);
                Capture.watchTracked(tape, own, in);
                System.arraycopy(own, 0, asked, 0, arguments);
                Tensor again = Recording.current().levels.replay(() -> f.of(own));
                Gradients gradients = tape.gradient(again, g, List.of(asked));
                Tensor[] out = new Tensor[in.length];
                for (int i = 0; i < in.length; i++)
                    if (wanted[i])
                        out[i] = gradients.of(asked[i], Unconnected.ZERO);
                return out;
            }
        }
    }

    private static Tensor[] constants(NdArray... in) {
        return Arrays.stream(in).map(Tensor::of).toArray(Tensor[]::new);
    }
}
