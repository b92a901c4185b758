package autograd.nn.optim;

import autograd.Tensor;
import autograd.Variable;

/** What an optimizer keeps for one variable, and how often it changed it. */
final class Slots {
    final Variable[] values;
    long steps;

    Slots(Variable of, int count) {
        values = new Variable[count];
        for (int i = 0; i < count; i++)
            values[i] = new Variable(null, Tensor.zerosLike(of), false);
    }
}
