package autograd.spark;

import autograd.nn.Layer;
import autograd.nn.optim.Optimizer;

import java.io.Serializable;

/**
 * Makes the optimizer of a model: {@code model -> new Adam(1e-3)}.
 *
 * @param <M>
 *            the type of the model
 */
@FunctionalInterface
public interface OptimizerOf<M extends Layer> extends Serializable {
    /** A new optimizer. */
    Optimizer of(M model);
}
