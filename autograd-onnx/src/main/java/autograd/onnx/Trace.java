package autograd.onnx;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Node;
import autograd.Recorder;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.array.Shape;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One run of a model.
 *
 * @param batch
 *            the extent of the first axis of its inputs
 * @param inputs
 *            what it was run on
 * @param nodes
 *            what was recorded, without leaves
 * @param output
 *            what came out
 * @param lines
 *            the source that made each node
 */
record Trace(int batch, List<?> inputs, List<Node> nodes, Tensor output, Lines lines) {
    /** Numbers of examples: those of the example itself would hide which extents depend on it. */
    private static final int[] BATCHES = {2, 3, 5};

    /** Runs whose tapes are open until this is closed, so that tensors keep their nodes. */
    record Open(List<Trace> all, List<GradientTape> tapes) implements AutoCloseable {
        @Override
        public void close() { tapes.reversed().forEach(GradientTape::close); }
    }

    /** Remembers the line of source outside this library that made each node. */
    static final class Lines implements Recorder {
        private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
        private final Map<Node, StackFrame> lines = new IdentityHashMap<>();

        @Override
        public void recorded(Node node) {
            List<StackFrame> frames = WALKER
                    .walk(all -> all.filter(f -> !f.getDeclaringClass().getPackageName().equals("autograd")).toList());
            lines.put(node, frames.stream().filter(f -> !isOurs(f.getDeclaringClass())).findFirst()
                    .orElse(frames.getFirst()));
        }

        private static boolean isOurs(Class<?> type) {
            return type.getPackageName().startsWith("autograd.nn")
                    || List.of(Onnx.class, Trace.class, Translator.class, Operators.class, Gathers.class, Fusions.class)
                            .contains(type.getNestHost());
        }

        /** A place for messages: {@code where at Model.java:12}. */
        String place(Node node) {
            StackFrame line = lines.get(node);
            return node.op().name()
                    + (line == null ? "" : " at " + line.getFileName() + ":" + line.getLineNumber());
        }
    }

    /** Runs a model on the example's rows and on other data, for several batch sizes or always for the same. */
    static Open of(Onnx.Model model, Onnx.Inputs examples, boolean anyBatch) {
        List<Shape> shapes = examples.all().stream().map(Trace::shape).toList();
        if (anyBatch)
            for (Shape s : shapes)
                if (s.rank() == 0 || s.dim(0) != shapes.getFirst().dim(0) || s.dim(0) == 0)
                    throw new IllegalArgumentException("onnx: the inputs have shapes " + shapes
                            + "; their first axis is the batch, of one extent, not 0; else use Options.fixedBatch()");
        var open = new Open(new ArrayList<>(), new ArrayList<>());
        try {
            for (int run = 0; run < BATCHES.length; run++)
                open.all.add(run(model, examples, run, anyBatch ? BATCHES[run] : 0, open.tapes));
            return open;
        } catch (RuntimeException | Error e) {
            open.close();
            throw e;
        }
    }

    private static Trace run(Onnx.Model model, Onnx.Inputs examples, int run, int batch, List<GradientTape> tapes) {
        try {
            return run(model, examples, run, batch, tapes, 0.5);
        } catch (RuntimeException e) {
            if (run == 0) {
                if (batch == 0)
                    throw e;
                throw new IllegalArgumentException("onnx: the model does not run on a batch of " + batch
                        + " examples, as a file for any batch must; use Options.fixedBatch() if it never does: "
                        + e.getMessage(), e);
            }
        }
        try {
            return run(model, examples, run, batch, tapes, 1e-3); // other data may be wrong, data nearby less so
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("onnx: the model runs on the example and not on "
                    + (batch == 0 ? "other data" : "a batch of " + batch + " examples with other data") + ": "
                    + e.getMessage(), e);
        }
    }

    private static Trace run(Onnx.Model model, Onnx.Inputs examples, int run, int batch, List<GradientTape> tapes,
            double noise) {
        var lines = new Lines();
        var tape = new GradientTape(lines);
        tapes.add(tape);
        var rng = new Rng(run);
        List<?> inputs = examples.all().stream().map(x -> switch (x) {
            case Tensor t -> tape.watch(data(t, batch, run * noise, rng));
            case IntTensor i -> data(i, batch, run, rng);
            default -> throw new AssertionError(x.getClass());
        }).toList();
        Tensor output = model.forward(new Onnx.Inputs(inputs));
        return new Trace(batch, inputs, tape.nodes().stream().filter(n -> !n.isLeaf()).toList(), output, lines);
    }

    static Shape shape(Object input) { return input instanceof Tensor t ? t.shape() : ((IntTensor) input).shape(); }

    /** The rows of an example again and again; in later runs other numbers. */
    private static Tensor data(Tensor example, int batch, double noise, Rng rng) {
        Tensor x = example.detach();
        if (batch > 0)
            x = x.indexSelect(0, rows(x.shape(), batch));
        if (noise == 0)
            return x;
        double scale = Math.max(1, Arrays.stream(x.toDoubleArray()).map(Math::abs).filter(Double::isFinite).max()
                .orElse(1));
        return x.add(Tensor.randn(x.dtype(), rng, x.shape().dims()).mul(noise * scale)).detach();
    }

    /** In later runs the numbers of the example in another order, or, if all are the same, those below, too. */
    private static IntTensor data(IntTensor example, int batch, int run, Rng rng) {
        int[] all = example.toArray();
        int[] dims = example.shape().dims();
        if (batch > 0)
            dims[0] = batch;
        Shape shape = Shape.of(dims);
        int most = Arrays.stream(all).max().orElse(0);
        boolean same = Arrays.stream(all).distinct().count() < 2;
        return IntTensor.of(IntStream.range(0, shape.size()).map(i -> run == 0
                ? all[i % all.length]
                : same ? rng.nextInt(Math.max(2, most + 1)) : all[rng.nextInt(all.length)]).toArray(),
                shape.dims());
    }

    private static IntTensor rows(Shape shape, int batch) {
        return IntTensor.of(IntStream.range(0, batch).map(i -> i % shape.dim(0)).toArray());
    }
}
