package autograd.nn;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.init.Init;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A multi-layer perceptron: dense layers with an activation between them, none after the last.
 *
 * @param layers
 *            the dense layers, first to last
 * @param activation
 *            applied between them
 */
public record Mlp(List<Dense> layers, Activation activation) implements Layer {
    /** Keeps a copy of the list. */
    public Mlp {
        layers = List.copyOf(layers);
    }

    /** A perceptron of F32 with rectifiers between layers of the given widths, for example 784, 128, 10. */
    public static Mlp of(Rng rng, int... sizes) {
        return of(DType.F32, rng, Activation.RELU, sizes);
    }

    /** A perceptron of a dtype; He's initial weights before rectifiers, Xavier's before anything else. */
    public static Mlp of(DType dtype, Rng rng, Activation activation, int... sizes) {
        if (sizes.length < 2)
            throw new IllegalArgumentException("Mlp: needs at least an input and an output width");
        List<Dense> layers = new ArrayList<>();
        for (int i = 0; i + 1 < sizes.length; i++)
            layers.add(Dense.of(dtype, rng, sizes[i], sizes[i + 1],
                    i + 2 < sizes.length && activation == Activation.RELU ? Init.heNormal() : Init.xavierUniform()));
        return new Mlp(layers, activation);
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Tensor h = x;
        for (int i = 0; i < layers.size(); i++) {
            if (i > 0)
                h = activation.forward(h, pass);
            h = layers.get(i).forward(h, pass);
        }
        return h;
    }

    @Override
    public String toString() {
        return Described.of(this, layers.isEmpty()
                ? ""
                : layers.getFirst().weight().shape().dim(0) + layers.stream()
                        .map(d -> " -> " + d.weight().shape().dim(1)).collect(Collectors.joining()),
                activation);
    }
}
