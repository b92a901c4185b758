package autograd.viz;

import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Computations that tests draw and check. */
public final class Tapes {
    private Tapes() {}

    /** What is computed: a result, and names for some of its tensors. */
    record Result(Tensor loss, Map<Tensor, String> names) {}

    /** The expression of micrograd's README: the value is 24.7041, the gradients 138.8338 and 645.5773. */
    public static Tensor micrograd(Variable a, Variable b) {
        Tensor c = a.add(b);
        Tensor d = a.mul(b).add(b.pow(3));
        c = c.add(c.add(1));
        c = c.add(c.add(1).sub(a));
        d = d.add(d.mul(2).add(b.add(a).relu()));
        d = d.add(d.mul(3).add(b.sub(a).relu()));
        Tensor e = c.sub(d);
        Tensor f = e.square();
        return f.div(2).add(f.reciprocal().mul(10));
    }

    static Variable variable(String name, double value) { return new Variable(name, Tensor.scalar(DType.F64, value)); }

    /** Two ways from a variable to the loss that meet again before it: the diamond. */
    static Tensor diamond(Variable x) {
        Tensor a = x.mul(2);
        return a.mul(a.tanh()).add(a.sin());
    }

    /** A training step of a small network on a batch, with a constant, a watched tensor and a dead branch. */
    static Result mlp(GradientTape tape) {
        Rng rng = new Rng(7);
        Map<Tensor, String> names = new LinkedHashMap<>();
        Tensor x = tape.watch(Tensor.randn(DType.F64, rng, 4, 3));
        Tensor y = Tensor.randn(DType.F64, rng, 4, 2);
        names.put(x, "x");
        names.put(y, "y");
        Variable w1 = new Variable("W1", Tensor.randn(DType.F64, rng, 3, 5));
        Variable b1 = new Variable("b1", Tensor.zeros(DType.F64, 5));
        Variable w2 = new Variable("W2", Tensor.randn(DType.F64, rng, 5, 2));
        Variable b2 = new Variable("b2", Tensor.zeros(DType.F64, 2));
        Tensor h = x.matmul(w1).add(b1).tanh();
        names.put(h, "h");
        h.abs().max(); // looked at, but not part of the loss
        return new Result(h.matmul(w2).add(b2).sub(y).square().mean(), names);
    }

    /** A network of neurons number by number, in micrograd's style. */
    static Tensor neurons(int inputs, int hidden) {
        Rng rng = new Rng(3);
        List<Tensor> x = new ArrayList<>();
        for (int i = 0; i < inputs; i++)
            x.add(Tensor.scalar(DType.F64, i + 1));
        Tensor out = variable("c", 0.1);
        for (int j = 0; j < hidden; j++) {
            Tensor sum = variable("b" + j, 0);
            for (int i = 0; i < inputs; i++)
                sum = sum.add(variable("w" + j + "_" + i, rng.nextDouble() - 0.5).mul(x.get(i)));
            out = out.add(sum.tanh().mul(variable("v" + j + "'", rng.nextDouble() - 0.5)));
        }
        return out.sub(1).square();
    }
}
