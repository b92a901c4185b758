package autograd.spark;

import autograd.array.Rng;
import autograd.nn.Layer;

import java.io.Serializable;

/**
 * Makes a model with its initial weights: {@code rng -> Mlp.of(rng, 784, 128, 10)}. It is sent to the
 * executors, so it must capture only what is serializable, and every call must make the same model for the
 * same generator. What it freezes is not sent over the network.
 *
 * @param <M>
 *            the type of the model
 */
@FunctionalInterface
public interface InitialModel<M extends Layer> extends Serializable {
    /** A new model, whose weights are drawn from the generator. */
    M of(Rng rng);
}
