package autograd.benchmarks.peers;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import autograd.benchmarks.Work;
import autograd.benchmarks.Worker;
import autograd.benchmarks.Worker.Step;

import java.util.Arrays;

/** DJL over LibTorch: blocks, trainer and gradient collector as its own examples use them. */
final class Djl {
    private static final String ENGINE = "PyTorch";

    private final NDManager root = NDManager.newBaseManager(Device.cpu(), ENGINE);

    private Djl() {}

    static void main(String[] args) throws Exception {
        Worker.serve((work, threads) -> {
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
            System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
            return switch (work) {
                case Work.ScalarMlp _ -> throw Worker.refused(work, "DJL's blocks are of tensors, not of scalars");
                default -> new Djl().prepare(work);
            };
        }, args);
    }

    private Step prepare(Work work) {
        return switch (work) {
            case Work.Mlp w -> {
                var net = new Net(perceptron(w), new Shape(w.batch(), w.sizes()[0]));
                NDArray x = root.create(w.x(), new Shape(w.batch(), w.sizes()[0])), y = root.create(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Gemm w -> product(w);
            case Work.Tanh w -> tanh(w);
            case Work.Expression _ -> this::expression;
            case Work.ScalarMlp _ -> throw new AssertionError(work);
            case Work.Lenet w -> {
                var net = new Net(lenet(), new Shape(w.batch(), 1, 28, 28));
                NDArray x = root.create(w.x(), new Shape(w.batch(), 1, 28, 28)), y = root.create(w.y());
                yield () -> net.step(x, y);
            }
            case Work.Job w -> job(w);
        };
    }

    /** A classifier with its trainer. */
    private final class Net {
        private final Trainer trainer;
        private final Loss loss = Loss.softmaxCrossEntropyLoss();

        Net(Block block, Shape in) {
            Model model = Model.newInstance("net", Device.cpu(), ENGINE);
            model.setBlock(block);
            trainer = model.newTrainer(new DefaultTrainingConfig(loss).optDevices(new Device[]{Device.cpu()})
                    .optOptimizer(Adam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build()));
            trainer.initialize(in);
        }

        double step(NDArray x, NDArray y) {
            try (NDManager scope = root.newSubManager()) { // everything made in the step is freed here
                x.tempAttach(scope);
                y.tempAttach(scope);
                NDArray value;
                try (GradientCollector collector = trainer.newGradientCollector()) {
                    value = loss.evaluate(new NDList(y), trainer.forward(new NDList(x)));
                    collector.backward(value);
                }
                trainer.step();
                return value.getFloat();
            }
        }
    }

    private static Block perceptron(Work.Mlp w) {
        var block = new SequentialBlock();
        for (int i = 1; i < w.sizes().length; i++) {
            block.add(Linear.builder().setUnits(w.sizes()[i]).build());
            if (i < w.sizes().length - 1)
                block.add(Activation::relu);
        }
        return block;
    }

    private static Block lenet() {
        Shape five = new Shape(5, 5), two = new Shape(2, 2);
        return new SequentialBlock().add(Conv2d.builder().setKernelShape(five).setFilters(8).build())
                .add(Activation::relu).add(Pool.maxPool2dBlock(two, two))
                .add(Conv2d.builder().setKernelShape(five).setFilters(16).build()).add(Activation::relu)
                .add(Pool.maxPool2dBlock(two, two)).add(Blocks.batchFlattenBlock())
                .add(Linear.builder().setUnits(10).build());
    }

    private Step product(Work.Gemm w) {
        NDArray a = root.create(w.a(), new Shape(w.shapeA()[0], w.shapeA()[1]));
        NDArray b = root.create(w.b(), new Shape(w.shapeB()[0], w.shapeB()[1]));
        NDArray left = w.transposeA() ? a.transpose() : a, right = w.transposeB() ? b.transpose() : b;
        return () -> {
            try (NDArray c = left.matMul(right)) {
                return c.size();
            }
        };
    }

    private Step tanh(Work.Tanh w) {
        NDArray x = root.create(w.x());
        x.setRequiresGradient(true);
        return () -> {
            try (NDManager scope = root.newSubManager()) {
                x.tempAttach(scope);
                NDArray y;
                try (GradientCollector collector = Engine.getEngine(ENGINE).newGradientCollector()) {
                    y = x.mul(2).add(1).tanh().sum();
                    collector.backward(y);
                }
                return y.getFloat();
            }
        };
    }

    private double expression() {
        try (NDManager scope = root.newSubManager()) {
            NDArray a = scope.create((float) Work.Expression.A), b = scope.create((float) Work.Expression.B);
            a.setRequiresGradient(true);
            b.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getEngine(ENGINE).newGradientCollector()) {
                NDArray c = a.add(b);
                NDArray d = a.mul(b).add(b.pow(3));
                c = c.add(c.add(1));
                c = c.add(c.add(1).add(a.neg()));
                d = d.add(d.mul(2).add(Activation.relu(b.add(a))));
                d = d.add(d.mul(3).add(Activation.relu(b.sub(a))));
                NDArray f = c.sub(d).pow(2);
                collector.backward(f.div(2).add(f.pow(-1).mul(10)));
            }
            return a.getGradient().getFloat();
        }
    }

    private Step job(Work.Job w) {
        int batch = Work.Job.STEP.batch();
        var net = new Net(perceptron(Work.Job.STEP), new Shape(batch, 784));
        net.step(root.create(Work.Job.STEP.x(), new Shape(batch, 784)), root.create(Work.Job.STEP.y()));
        return () -> {
            byte[] pixels = w.pixels();
            int[] labels = w.labels();
            double loss = 0;
            for (int epoch = 1; epoch <= w.epochs(); epoch++)
                for (int i = 0; i < w.examples(); i += batch) {
                    int n = Math.min(batch, w.examples() - i);
                    try (NDArray x = root.create(Work.Job.scaled(pixels, i * 784, n * 784), new Shape(n, 784));
                            NDArray y = root.create(Arrays.copyOfRange(labels, i, i + n))) {
                        loss = net.step(x, y);
                    }
                }
            return loss;
        };
    }
}
