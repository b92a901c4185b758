package autograd.onnx;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.nn.Layer;
import autograd.nn.Pass;
import autograd.nn.Trainable;
import autograd.nn.io.AtomicFile;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a model in evaluation as an ONNX file, which ONNX Runtime and other programs run:
 *
 * {@snippet :
 * Onnx.write(Path.of("digits.onnx"), model, Tensor.zeros(1, 784));
 * }
 *
 * The model is run on examples of three batch sizes, and what it computes is recorded and translated,
 * operation by operation; {@code docs/ops.md} says which operations ONNX has. Extents that grow with the
 * batch are computed in the file. All others are those of the example, such as the length of a sequence. What
 * depends on the data without being recorded, such as a mask made by comparing, would be frozen in the file
 * and is an error.
 */
public final class Onnx {
    private Onnx() {}

    /** A model of several inputs. */
    @FunctionalInterface
    public interface Model {
        /** The output in evaluation. */
        Tensor forward(Inputs inputs);
    }

    /**
     * What a model is run on, in the order of the examples.
     *
     * @param all
     *            a {@code Tensor} or an {@code IntTensor} each
     */
    public record Inputs(List<?> all) {
        /** Keeps a copy of the list. */
        public Inputs {
            all = List.copyOf(all);
            for (Object input : all)
                if (!(input instanceof Tensor || input instanceof IntTensor))
                    throw new IllegalArgumentException("onnx: an input is a " + input.getClass().getName()
                            + "; it must be a Tensor or an IntTensor");
        }

        /** Examples, a {@code Tensor} or an {@code IntTensor} each. */
        public static Inputs of(Object... all) {
            return new Inputs(List.of(all));
        }

        /** An input that is a tensor. */
        public Tensor tensor(int i) { return (Tensor) all.get(i); }

        /** An input that holds integers. */
        public IntTensor ints(int i) { return (IntTensor) all.get(i); }
    }

    /**
     * How a file is written.
     *
     * @param inputs
     *            names of the inputs; none for {@code input}, or {@code input0} and so on
     * @param output
     *            name of the output
     * @param opset
     *            version of ONNX's operators, 20 or 21
     * @param anyBatch
     *            whether the first axis of the inputs, of one extent in all of them, may have any extent; else it
     *            has that of the example
     */
    public record Options(List<String> inputs, String output, int opset, boolean anyBatch) {
        /** Opset 20, names {@code input} and {@code output}, any batch size. */
        public static final Options DEFAULT = new Options(List.of(), "output", 20, true);

        /** Checks the opset and the names. */
        public Options {
            inputs = List.copyOf(inputs);
            if (opset != 20 && opset != 21)
                throw new IllegalArgumentException("onnx: opset " + opset + " is not written, only 20 and 21");
            if (output.isBlank() || inputs.stream().anyMatch(String::isBlank) || inputs.contains(output)
                    || inputs.stream().distinct().count() < inputs.size())
                throw new IllegalArgumentException("onnx: the names " + inputs + " and " + output
                        + " must be different and not blank");
        }

        /** Other names of the inputs. */
        public Options inputs(String... names) {
            return new Options(List.of(names), output, opset, anyBatch);
        }

        /** Another name of the output. */
        public Options output(String name) {
            return new Options(inputs, name, opset, anyBatch);
        }

        /** Another version of the operators. */
        public Options opset(int version) {
            return new Options(inputs, output, version, anyBatch);
        }

        /** The batch size of the example alone. */
        public Options fixedBatch() {
            return new Options(inputs, output, opset, false);
        }

        List<String> names(int count) {
            if (!inputs.isEmpty() && inputs.size() != count)
                throw new IllegalArgumentException("onnx: there are " + inputs.size() + " names, " + inputs + ", for "
                        + count + " inputs");
            return !inputs.isEmpty()
                    ? inputs
                    : count == 1
                            ? List.of("input")
                            : java.util.stream.IntStream.range(0, count).mapToObj(i -> "input" + i).toList();
        }
    }

    /** Writes a layer; an example of its input has the batch as its first axis. */
    public static void write(Path file, Layer model, Tensor example) {
        write(file, model, example, Options.DEFAULT);
    }

    /** Writes a layer. */
    public static void write(Path file, Layer model, Tensor example, Options options) {
        write(file, model, in -> model.forward(in.tensor(0), Pass.EVAL), Inputs.of(example), options);
    }

    /** Writes a model of integers, such as tokens: {@code Onnx.write(file, model, model::forward, tokens)}. */
    public static void write(Path file, Trainable model, Function<IntTensor, Tensor> forward, IntTensor example) {
        write(file, model, in -> forward.apply(in.ints(0)), Inputs.of(example), Options.DEFAULT);
    }

    /**
     * Writes any model.
     *
     * @param file
     *            replaced when the new one is complete; an error leaves it as it was
     * @param model
     *            has the variables, whose paths are the names of the weights in the file; those that are frozen
     *            are unfrozen meanwhile
     * @param forward
     *            computes the output in evaluation
     * @param examples
     *            of the inputs, at least one
     * @param options
     *            names, opset, and whether the batch may have any size
     * @throws IllegalArgumentException
     *             if something cannot be said in ONNX; the message names the operation and the line of source
     */
    public static void write(Path file, Trainable model, Model forward, Inputs examples, Options options) {
        if (examples.all().isEmpty())
            throw new IllegalArgumentException("onnx: a model without inputs is a constant; give an example");
        List<String> names = options.names(examples.all().size());
        List<Variable> frozen = model.state().values().stream().filter(Variable::frozen).toList();
        frozen.forEach(Variable::unfreeze); // what no tape tracks is not recorded
        byte[] content;
        try (var traces = Trace.of(forward, examples, options.anyBatch())) {
            content = new Translator(traces.all(), model, names, options).file();
        } finally {
            frozen.forEach(Variable::freeze);
        }
        AtomicFile.write(file, out -> out.write(content));
    }
}
