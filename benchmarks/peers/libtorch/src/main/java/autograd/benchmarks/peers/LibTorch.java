package autograd.benchmarks.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.mm_out;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.set_num_threads;
import static org.bytedeco.pytorch.global.torch.zeros;

import autograd.benchmarks.Work;
import autograd.benchmarks.Worker;
import autograd.benchmarks.Worker.Step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** LibTorch through JavaCPP's bindings: modules, autograd and optimizers of the C++ API. */
final class LibTorch {
    private static final Scalar ONE = new Scalar(1f), TWO = new Scalar(2f);

    private LibTorch() {}

    static void main(String[] args) throws Exception {
        Worker.serve((work, threads) -> {
            set_num_threads(threads);
            return prepare(work);
        }, args);
    }

    private static Step prepare(Work work) {
        return switch (work) {
            case Work.Mlp w -> {
                var net = perceptron(w);
                Tensor x = Tensor.create(w.x(), w.batch(), w.sizes()[0]), y = integers(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Gemm w -> product(w);
            case Work.Tanh w -> tanh(w);
            case Work.Expression _ -> LibTorch::expression;
            case Work.ScalarMlp w -> new Scalars(w)::step;
            case Work.Lenet w -> {
                var net = lenet();
                Tensor x = Tensor.create(w.x(), w.batch(), 1, 28, 28), y = integers(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Job w -> job(w);
        };
    }

    /** A classifier and its optimizer. */
    private static final class Net {
        private final UnaryOperator<Tensor> model;
        private final Adam optimizer;

        Net(UnaryOperator<Tensor> model, Module... modules) {
            var parameters = new TensorVector();
            for (Module m : modules) {
                TensorVector own = m.parameters();
                for (long i = 0; i < own.size(); i++)
                    parameters.push_back(own.get(i));
            }
            this.model = model;
            optimizer = new Adam(parameters, new AdamOptions(1e-3));
        }

        double step(Tensor x, Tensor y) {
            try (var _ = new PointerScope()) {
                optimizer.zero_grad();
                Tensor loss = cross_entropy_loss(model.apply(x), y);
                loss.backward();
                optimizer.step();
                return loss.item_float();
            }
        }
    }

    private static Net perceptron(Work.Mlp w) {
        var layers = new LinearImpl[w.sizes().length - 1];
        for (int i = 0; i < layers.length; i++)
            layers[i] = new LinearImpl(w.sizes()[i], w.sizes()[i + 1]);
        return new Net(x -> {
            Tensor h = layers[0].forward(x);
            for (int i = 1; i < layers.length; i++)
                h = layers[i].forward(relu(h));
            return h;
        }, layers);
    }

    private static Net lenet() {
        var first = new Conv2dImpl(1, 8, new LongPointer(5, 5));
        var second = new Conv2dImpl(8, 16, new LongPointer(5, 5));
        var dense = new LinearImpl(256, 10);
        return new Net(x -> {
            Tensor h = max_pool2d(relu(first.forward(x)), 2, 2);
            return dense.forward(max_pool2d(relu(second.forward(h)), 2, 2).flatten(1, -1));
        }, first, second, dense);
    }

    private static Step product(Work.Gemm w) {
        Tensor a = Tensor.create(w.a(), w.shapeA()[0], w.shapeA()[1]);
        Tensor b = Tensor.create(w.b(), w.shapeB()[0], w.shapeB()[1]);
        Tensor left = w.transposeA() ? a.t() : a, right = w.transposeB() ? b.t() : b, c = zeros(w.m(), w.n());
        return () -> {
            try (var _ = new PointerScope()) {
                mm_out(c, left, right);
                return 0;
            }
        };
    }

    private static Step tanh(Work.Tanh w) {
        Tensor x = Tensor.create(w.x());
        x.set_requires_grad(true);
        return () -> {
            try (var _ = new PointerScope()) {
                x.mutable_grad().reset();
                Tensor y = x.mul(TWO).add(ONE).tanh().sum();
                y.backward();
                return y.item_float();
            }
        };
    }

    private static double expression() {
        try (var _ = new PointerScope()) {
            Scalar one = ONE, two = TWO, three = new Scalar(3f);
            Tensor a = Tensor.create((float) Work.Expression.A), b = Tensor.create((float) Work.Expression.B);
            a.set_requires_grad(true);
            b.set_requires_grad(true);
            Tensor c = a.add(b);
            Tensor d = a.mul(b).add(b.pow(three));
            c = c.add(c.add(one));
            c = c.add(c.add(one).add(a.neg()));
            d = d.add(d.mul(two).add(b.add(a).relu()));
            d = d.add(d.mul(three).add(b.sub(a).relu()));
            Tensor f = c.sub(d).pow(two);
            Tensor g = f.div(two).add(f.reciprocal().mul(new Scalar(10f)));
            g.backward();
            return a.grad().item_float();
        }
    }

    /** micrograd's demo, number by number. */
    private static final class Scalars {
        private final Work.ScalarMlp work;
        private final float[][] points;
        private final int[] sides;
        private final List<Tensor> weights = new ArrayList<>();
        private final SGD optimizer;

        Scalars(Work.ScalarMlp work) {
            this.work = work;
            double[][] x = work.x();
            points = new float[x.length][x[0].length];
            for (int i = 0; i < x.length; i++)
                for (int j = 0; j < x[i].length; j++)
                    points[i][j] = (float) x[i][j];
            sides = work.y();
            for (double value : work.weights()) {
                Tensor w = Tensor.create((float) value);
                w.set_requires_grad(true);
                weights.add(w);
            }
            optimizer = new SGD(new TensorVector(weights.toArray(Tensor[]::new)),
                    new SGDOptions(Work.ScalarMlp.RATE));
        }

        double step() {
            try (var _ = new PointerScope()) {
                optimizer.zero_grad();
                Tensor hinges = Tensor.create(0f);
                for (int i = 0; i < points.length; i++)
                    hinges = hinges.add(score(points[i]).mul(new Scalar(-sides[i])).add(ONE).relu());
                Tensor squares = Tensor.create(0f);
                for (Tensor w : weights)
                    squares = squares.add(w.mul(w));
                Tensor loss = hinges.mul(new Scalar(1.0 / points.length))
                        .add(squares.mul(new Scalar(Work.ScalarMlp.ALPHA)));
                loss.backward();
                optimizer.step();
                return loss.item_float();
            }
        }

        private Tensor score(float... point) {
            List<Tensor> h = new ArrayList<>();
            for (float coordinate : point)
                h.add(Tensor.create(coordinate));
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

    private static Step job(Work.Job w) {
        int batch = Work.Job.STEP.batch();
        var net = perceptron(Work.Job.STEP);
        net.step(Tensor.create(Work.Job.STEP.x(), batch, 784), integers(Work.Job.STEP.y()));
        return () -> {
            byte[] pixels = w.pixels();
            int[] labels = w.labels();
            double loss = 0;
            for (int epoch = 1; epoch <= w.epochs(); epoch++)
                for (int i = 0; i < w.examples(); i += batch)
                    try (var _ = new PointerScope()) {
                        int n = Math.min(batch, w.examples() - i);
                        Tensor x = Tensor.create(Work.Job.scaled(pixels, i * 784, n * 784), n, 784);
                        loss = net.step(x, integers(Arrays.copyOfRange(labels, i, i + n)));
                    }
            return loss;
        };
    }

    private static Tensor integers(int... values) {
        return Tensor.create(Arrays.stream(values).asLongStream().toArray(), values.length);
    }
}
