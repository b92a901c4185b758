package autograd.nn;

import autograd.Tensor;

/**
 * A layer that adds to its input: {@code y = x + layer(x)}. He et al., CVPR 2016.
 *
 * @param layer
 *            the layer to add; its output has the shape of its input
 */
public record Residual(Layer layer) implements Layer {
    @Override
    public Tensor forward(Tensor x, Pass pass) {
        Tensor change = layer.forward(x, pass);
        if (!change.shape().equals(x.shape()))
            throw new IllegalArgumentException("Residual: the layer made shape " + change.shape() + " of the input "
                    + x.shape() + ", it must keep the shape");
        return x.add(change);
    }

    @Override
    public String toString() { return Described.of(this, layer); }
}
