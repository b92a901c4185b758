package autograd.benchmarks.peers;

import autograd.benchmarks.Work;
import autograd.benchmarks.Worker;
import autograd.benchmarks.Worker.Step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** TensorFlow Java: a graph built once, gradients added to it, run by a session. */
final class TensorFlow {
    private final int threads;

    private TensorFlow(int threads) { this.threads = threads; }

    static void main(String[] args) throws Exception {
        Worker.serve((work, threads) -> new TensorFlow(threads).prepare(work), args);
    }

    private Step prepare(Work work) {
        return switch (work) {
            case Work.Mlp w -> {
                Net net = perceptron(w);
                TFloat32 x = floats(w.x(), w.batch(), w.sizes()[0]);
                TInt32 y = integers(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Gemm w -> product(w);
            case Work.Tanh w -> tanh(w);
            case Work.Lenet w -> {
                Net net = lenet(w);
                TFloat32 x = floats(w.x(), w.batch(), 28, 28, 1);
                TInt32 y = integers(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Job w -> job(w);
            case Work.Expression _,Work.ScalarMlp _ ->
                throw Worker.refused(work, "TensorFlow Java has no tape, so it makes no graph of scalars on the way");
        };
    }

    /** A classifier with its loss and Adam, in a graph of its own. */
    private final class Net {
        final Graph graph = new Graph();
        final Ops tf = Ops.create(graph);
        private final List<Variable<TFloat32>> variables = new ArrayList<>();
        private final List<Op> initial = new ArrayList<>(), update = new ArrayList<>();
        private final Placeholder<TFloat32> x;
        private final Placeholder<TInt32> y;
        private final Operand<TFloat32> loss;
        private final Session session;

        Net(Shape in, Function<Net, Function<Operand<TFloat32>, Operand<TFloat32>>> model) {
            x = tf.placeholder(TFloat32.class, Placeholder.shape(in));
            y = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(in.get(0))));
            // One-hot, for the sparse loss has no gradient in a graph.
            var hot = tf.oneHot(y, tf.constant(10), tf.constant(1f), tf.constant(0f));
            Operand<TFloat32> logits = model.apply(this).apply(x);
            loss = tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(logits, hot).loss(), tf.constant(0));
            adam();
            session = session(graph);
            run(initial);
        }

        private void adam() {
            Output<?>[] gradients = graph.addGradients(loss.asOutput(),
                    variables.stream().map(Operand::asOutput).toArray(Output[]::new));
            var beta1 = variable(tf.constant(0.9f), Shape.scalar());
            var beta2 = variable(tf.constant(0.999f), Shape.scalar());
            for (int i = 0; i < variables.size(); i++) {
                var v = variables.get(i);
                @SuppressWarnings("unchecked")
                var gradient = (Output<TFloat32>) gradients[i];
                update.add(tf.train.applyAdam(v, zeros(v.shape()), zeros(v.shape()), beta1, beta2, tf.constant(1e-3f),
                        tf.constant(0.9f), tf.constant(0.999f), tf.constant(1e-8f), gradient));
            }
            Ops after = tf.withControlDependencies(List.copyOf(update));
            update.add(after.assign(beta1, after.math.mul(beta1, tf.constant(0.9f))));
            update.add(after.assign(beta2, after.math.mul(beta2, tf.constant(0.999f))));
        }

        private Variable<TFloat32> variable(Operand<TFloat32> value, Shape shape) {
            var v = tf.variable(shape, TFloat32.class);
            initial.add(tf.assign(v, value));
            return v;
        }

        private Variable<TFloat32> zeros(Shape shape) {
            return variable(tf.zeros(tf.constant(shape.asArray()), TFloat32.class), shape);
        }

        Variable<TFloat32> weight(double deviation, long... dims) {
            var normal = tf.random.truncatedNormal(tf.constant(dims), TFloat32.class);
            var v = variable(tf.math.mul(normal, tf.constant((float) deviation)), Shape.of(dims));
            variables.add(v);
            return v;
        }

        Variable<TFloat32> bias(long size) {
            var v = zeros(Shape.of(size));
            variables.add(v);
            return v;
        }

        private void run(List<Op> targets) {
            var runner = session.runner();
            targets.forEach(runner::addTarget);
            runner.run().close();
        }

        double step(TFloat32 images, TInt32 labels) {
            var runner = session.runner().feed(x, images).feed(y, labels).fetch(loss);
            update.forEach(runner::addTarget);
            try (Result result = runner.run()) {
                return ((TFloat32) result.get(0)).getFloat();
            }
        }
    }

    private Session session(Graph graph) {
        return new Session(graph, ConfigProto.newBuilder().setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(1).build());
    }

    private Net perceptron(Work.Mlp w) {
        int[] n = w.sizes();
        return new Net(Shape.of(w.batch(), n[0]), net -> {
            List<Operand<TFloat32>> weights = new ArrayList<>(), biases = new ArrayList<>();
            for (int i = 1; i < n.length; i++) {
                weights.add(net.weight(Math.sqrt(2.0 / n[i - 1]), n[i - 1], n[i]));
                biases.add(net.bias(n[i]));
            }
            return x -> {
                Operand<TFloat32> h = x;
                for (int i = 0; i < weights.size(); i++) {
                    h = net.tf.nn.biasAdd(net.tf.linalg.matMul(h, weights.get(i)), biases.get(i));
                    h = i < weights.size() - 1 ? net.tf.nn.relu(h) : h;
                }
                return h;
            };
        });
    }

    private Net lenet(Work.Lenet w) {
        return new Net(Shape.of(w.batch(), 28, 28, 1), net -> {
            Ops tf = net.tf;
            List<Long> one = List.of(1L, 1L, 1L, 1L);
            var two = tf.constant(new int[]{1, 2, 2, 1});
            var k1 = net.weight(0.2, 5, 5, 1, 8);
            var b1 = net.bias(8);
            var k2 = net.weight(0.1, 5, 5, 8, 16);
            var b2 = net.bias(16);
            var weight = net.weight(0.1, 256, 10);
            var bias = net.bias(10);
            return x -> {
                var h = tf.nn.maxPool(tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(x, k1, one, "VALID"), b1)), two, two,
                        "VALID");
                h = tf.nn.maxPool(tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(h, k2, one, "VALID"), b2)), two, two, "VALID");
                var flat = tf.reshape(h, tf.constant(new int[]{w.batch(), 256}));
                return tf.nn.biasAdd(tf.linalg.matMul(flat, weight), bias);
            };
        });
    }

    private Step product(Work.Gemm w) {
        var graph = new Graph();
        Ops tf = Ops.create(graph);
        var a = tf.placeholder(TFloat32.class);
        var b = tf.placeholder(TFloat32.class);
        var c = tf.linalg.matMul(a, b, MatMul.transposeA(w.transposeA()), MatMul.transposeB(w.transposeB()));
        TFloat32 x = floats(w.a(), w.shapeA()[0], w.shapeA()[1]), y = floats(w.b(), w.shapeB()[0], w.shapeB()[1]);
        Session session = session(graph);
        return () -> {
            try (Result result = session.runner().feed(a, x).feed(b, y).fetch(c).run()) {
                return ((TFloat32) result.get(0)).getFloat(0, 0);
            }
        };
    }

    private Step tanh(Work.Tanh w) {
        var graph = new Graph();
        Ops tf = Ops.create(graph);
        float[] numbers = w.x();
        var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(numbers.length)));
        var y = tf.reduceSum(tf.math.tanh(tf.math.add(tf.math.mul(x, tf.constant(2f)), tf.constant(1f))),
                tf.constant(0));
        Output<?> gradient = graph.addGradients(y.asOutput(), new Output<?>[]{x.asOutput()})[0];
        TFloat32 values = floats(numbers, numbers.length);
        Session session = session(graph);
        return () -> {
            try (Result result = session.runner().feed(x, values).fetch(y).fetch(gradient).run()) {
                return ((TFloat32) result.get(0)).getFloat();
            }
        };
    }

    private Step job(Work.Job w) {
        int batch = Work.Job.STEP.batch();
        Net net = perceptron(Work.Job.STEP);
        net.step(floats(Work.Job.STEP.x(), batch, 784), integers(Work.Job.STEP.y()));
        return () -> {
            byte[] pixels = w.pixels();
            int[] labels = w.labels();
            double loss = 0;
            for (int epoch = 1; epoch <= w.epochs(); epoch++)
                for (int i = 0; i + batch <= w.examples(); i += batch) // a graph's batch is fixed: the rest is left out
                    try (TFloat32 x = floats(Work.Job.scaled(pixels, i * 784, batch * 784), batch, 784);
                            TInt32 y = integers(Arrays.copyOfRange(labels, i, i + batch))) {
                        loss = net.step(x, y);
                    }
            return loss;
        };
    }

    private static TFloat32 floats(float[] values, long... dims) {
        return TFloat32.tensorOf(Shape.of(dims), DataBuffers.of(values, true, false));
    }

    private static TInt32 integers(int... values) {
        return TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values, true, false));
    }
}
