package autograd.nn;

import autograd.Tensor;

import java.util.List;

/**
 * Layers one after another: the output of each is the input of the next.
 *
 * @param layers
 *            first to last
 */
public record Sequential(List<Layer> layers) implements Layer {
    /** Keeps a copy of the list. */
    public Sequential {
        layers = List.copyOf(layers);
    }

    /** Layers one after another. */
    public static Sequential of(Layer... layers) {
        return new Sequential(List.of(layers));
    }

    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Tensor h = x;
        for (Layer layer : layers)
            h = layer.forward(h, pass);
        return h;
    }

    @Override
    public String toString() { return Described.of(this, layers.size() + " layers"); }
}
