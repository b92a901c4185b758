package autograd.benchmarks;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Scope;
import autograd.array.Shape;
import autograd.benchmarks.Worker.Step;
import autograd.kernels.Kernels;
import autograd.nn.Dense;
import autograd.nn.Layer;
import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.Pass;
import autograd.nn.data.Batch;
import autograd.nn.data.Idx;
import autograd.nn.data.Images;
import autograd.nn.optim.Adam;
import autograd.nn.optim.Optimizer;
import autograd.nn.optim.Sgd;

import java.util.ArrayList;
import java.util.List;

/** This framework, used as its examples use it. */
final class Ours {
    private Ours() {}

    static void main(String[] args) throws Exception { Worker.serve(Ours::prepare, args); }

    private static Step prepare(Work work, int threads) {
        return switch (work) {
            case Work.Mlp w -> perceptron(w);
            case Work.Gemm w -> product(w);
            case Work.Tanh w -> tanh(w);
            case Work.Expression _ -> Ours::expression;
            case Work.ScalarMlp w -> new Scalars(w)::step;
            case Work.Lenet w -> lenet(w);
            case Work.Job w -> job(w);
        };
    }

    private static Step perceptron(Work.Mlp w) {
        var model = Mlp.of(new Rng(0), w.sizes());
        Tensor x = Tensor.of(w.x(), w.batch(), w.sizes()[0]);
        IntTensor y = IntTensor.of(w.y());
        var optimizer = new Adam(1e-3);
        return () -> step(model, optimizer, x, y);
    }

    private static double step(Layer model, Optimizer optimizer, Tensor x, IntTensor y) {
        return optimizer.minimize(model, () -> Losses.sparseSoftmaxCrossEntropy(model.forward(x), y));
    }

    private static Step product(Work.Gemm w) {
        NdArray a = NdArray.of(w.a(), Shape.of(w.shapeA())), b = NdArray.of(w.b(), Shape.of(w.shapeB()));
        NdArray left = w.transposeA() ? a.permute(1, 0) : a, right = w.transposeB() ? b.permute(1, 0) : b;
        return () -> {
            try (var _ = Scope.releasing()) { // as under minimize: the peer's result is made once, too
                return Kernels.get().matmul(left, right).storage().get(0);
            }
        };
    }

    private static Step tanh(Work.Tanh w) {
        var x = new Variable(Tensor.of(w.x(), 1 << 20));
        return () -> {
            try (var tape = new GradientTape().scoped()) {
                Tensor y = x.mul(2).add(1).tanh().sum();
                return y.item() + 0 * tape.gradient(y, x).get(0);
            }
        };
    }

    /** Line by line what micrograd's README says; prints 24.7041, 138.8338 and 645.5773 there. */
    private static double expression() {
        var a = new Variable(Tensor.scalar(Work.Expression.A));
        var b = new Variable(Tensor.scalar(Work.Expression.B));
        try (var tape = new GradientTape()) {
            Tensor c = a.add(b);
            Tensor d = a.mul(b).add(b.pow(3));
            c = c.add(c.add(1));
            c = c.add(c.add(1).add(a.neg()));
            d = d.add(d.mul(2).add(b.add(a).relu()));
            d = d.add(d.mul(3).add(b.sub(a).relu()));
            Tensor e = c.sub(d);
            Tensor f = e.pow(2);
            Tensor g = f.div(2);
            g = g.add(f.reciprocal().mul(10));
            g.backward();
            return a.grad().item() + 0 * b.grad().item();
        }
    }

    /** micrograd's demo, number by number. */
    private static final class Scalars {
        private final Work.ScalarMlp work;
        private final double[][] points;
        private final int[] sides;
        private final List<Variable> weights = new ArrayList<>();
        private final Sgd optimizer = new Sgd(Work.ScalarMlp.RATE);

        Scalars(Work.ScalarMlp work) {
            this.work = work;
            points = work.x();
            sides = work.y();
            for (double w : work.weights())
                weights.add(new Variable(Tensor.scalar(w)));
        }

        double step() {
            try (var tape = new GradientTape()) {
                Tensor hinges = Tensor.scalar(0);
                for (int i = 0; i < points.length; i++)
                    hinges = hinges.add(score(points[i]).mul(-sides[i]).add(1).relu());
                Tensor squares = Tensor.scalar(0);
                for (Variable w : weights)
                    squares = squares.add(w.mul(w));
                Tensor loss = hinges.mul(1.0 / points.length).add(squares.mul(Work.ScalarMlp.ALPHA));
                optimizer.apply(tape.gradient(loss, weights));
                return loss.item();
            }
        }

        private Tensor score(double[] point) {
            List<Tensor> h = new ArrayList<>();
            for (double coordinate : point)
                h.add(Tensor.scalar(coordinate));
            int at = 0;
            for (int layer = 1; layer < work.sizes().length; layer++) {
                List<Tensor> next = new ArrayList<>();
                for (int neuron = 0; neuron < work.sizes()[layer]; neuron++) {
                    Tensor sum = weights.get(at + h.size());
                    for (int i = 0; i < h.size(); i++)
                        sum = sum.add(weights.get(at + i).mul(h.get(i)));
                    at += h.size() + 1;
                    next.add(layer < work.sizes().length - 1 ? sum.relu() : sum);
                }
                h = next;
            }
            return h.getFirst();
        }
    }

    private record Lenet(Variable k1, Variable b1, Variable k2, Variable b2, Dense dense) implements Layer {
        @Override
        public Tensor forward(Tensor x, Pass pass) {
            return dense.forward(x.conv2d(k1).add(b1).relu().maxPool2d(2, 2, 0) //
                    .conv2d(k2).add(b2).relu().maxPool2d(2, 2, 0).flatten(1), pass);
        }
    }

    private static Step lenet(Work.Lenet w) {
        var rng = new Rng(0);
        var model = new Lenet(new Variable("k1", Tensor.randn(rng, 8, 1, 5, 5).mul(0.2)),
                new Variable("b1", Tensor.zeros(8, 1, 1)),
                new Variable("k2", Tensor.randn(rng, 16, 8, 5, 5).mul(0.1)),
                new Variable("b2", Tensor.zeros(16, 1, 1)), Dense.of(rng, 256, 10));
        Tensor x = Tensor.of(w.x(), w.batch(), 1, 28, 28);
        IntTensor y = IntTensor.of(w.y());
        var optimizer = new Adam(1e-3);
        return () -> step(model, optimizer, x, y);
    }

    private static Step job(Work.Job w) {
        var model = Mlp.of(new Rng(0), Work.Job.STEP.sizes());
        var optimizer = new Adam(1e-3);
        int batch = Work.Job.STEP.batch();
        step(model, optimizer, Tensor.of(Work.Job.STEP.x(), batch, 784),
                IntTensor.of(Work.Job.STEP.y()));
        return () -> {
            var digits = new Images(new Idx(new int[]{w.examples(), 28, 28}, w.pixels()),
                    new Idx(new int[]{w.examples()}, bytes(w.labels())));
            double loss = 0;
            for (int epoch = 1; epoch <= w.epochs(); epoch++)
                for (Batch<Tensor, IntTensor> b : digits.batches(batch))
                    loss = step(model, optimizer, b.x(), b.y());
            return loss;
        };
    }

    private static byte[] bytes(int... labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++)
            bytes[i] = (byte) labels[i];
        return bytes;
    }
}
