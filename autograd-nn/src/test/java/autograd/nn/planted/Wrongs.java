package autograd.nn.planted;

import autograd.Op;
import autograd.Tensor;
import autograd.array.NdArray;
import autograd.kernels.Kernels;

/** Everything the architecture forbids, in a package that is not marked either. */
public final class Wrongs {
    private Wrongs() {}

    static String computes() { return Kernels.get().name(); }

    record Triple() implements Op.Unary {
        @Override
        public NdArray forward(NdArray... in) { return in[0]; }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(3); }
    }

    static final class Prints {
        static void loud() { System.out.println("loud"); }
    }

    static final class Complains {
        static void loud(Exception e) { e.printStackTrace(); }
    }

    static final class LayerImpl {}

    static final class LayerUtils {}

    static final class LayerHelper {}

    static final class LayerManager {}

    static final class LayerFactory {}
}
