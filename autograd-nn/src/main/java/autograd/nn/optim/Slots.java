package autograd.nn.optim;

import autograd.Tensor;
import autograd.Variable;

/** The state of an optimizer for one variable, and its number of steps. */
final class Slots {
    final Variable[] values;
    long steps;

    Slots(Variable of, int count) {
        values = new Variable[count];
        for (int i = 0; i < count; i++)
            values[i] = new Variable(null, Tensor.zerosLike(of), false);
    }
}
