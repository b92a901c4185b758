package autograd.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.DType;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file in ONNX Runtime. */
public final class OnnxRuntime implements AutoCloseable {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    public OnnxRuntime(Path file) {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = ENVIRONMENT.createSession(file.toString(), options);
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime does not load the file: " + e.getMessage(), e);
        }
    }

    public List<String> inputs() { return List.copyOf(session.getInputNames()); }

    public List<String> outputs() { return List.copyOf(session.getOutputNames()); }

    /** What the model computes. */
    public Tensor run(Object... inputs) {
        Map<String, OnnxTensor> fed = new LinkedHashMap<>();
        try {
            List<String> names = new ArrayList<>(session.getInputNames());
            for (int i = 0; i < inputs.length; i++)
                fed.put(names.get(i), tensor(inputs[i]));
            try (var result = session.run(fed)) {
                var y = (OnnxTensor) result.get(0);
                int[] shape = Arrays.stream(y.getInfo().getShape()).mapToInt(Math::toIntExact).toArray();
                return switch (y.getInfo().type) {
                    case FLOAT -> {
                        FloatBuffer values = y.getFloatBuffer();
                        float[] floats = new float[values.remaining()];
                        values.get(floats);
                        yield Tensor.of(floats, shape);
                    }
                    case DOUBLE -> {
                        DoubleBuffer values = y.getDoubleBuffer();
                        double[] doubles = new double[values.remaining()];
                        values.get(doubles);
                        yield Tensor.of(DType.F64, doubles, shape);
                    }
                    default -> throw new AssertionError(y.getInfo().type);
                };
            } finally {
                fed.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException e) {
            throw new AssertionError("ONNX Runtime does not run the file: " + e.getMessage(), e);
        }
    }

    private static OnnxTensor tensor(Object input) throws OrtException {
        return switch (input) {
            case Tensor t when t.dtype() == DType.F32 ->
                OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(t.toFloatArray()), dims(t.shape().dims()));
            case Tensor t ->
                OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(t.toDoubleArray()), dims(t.shape().dims()));
            case IntTensor i -> OnnxTensor.createTensor(ENVIRONMENT,
                    LongBuffer.wrap(Arrays.stream(i.toArray()).asLongStream().toArray()), dims(i.shape().dims()));
            default -> throw new AssertionError(input.getClass());
        };
    }

    private static long[] dims(int... dims) { return Arrays.stream(dims).asLongStream().toArray(); }

    /** The largest difference of two tensors of one shape, relative to numbers above 1. */
    public static double error(Tensor expected, Tensor found) {
        if (!expected.shape().equals(found.shape()))
            throw new AssertionError("shape " + found.shape() + " instead of " + expected.shape());
        double[] a = expected.toDoubleArray(), b = found.toDoubleArray();
        double error = 0;
        for (int i = 0; i < a.length; i++)
            if (Double.compare(a[i], b[i]) != 0 && a[i] != b[i])
                error = Math.max(error, Double.isFinite(a[i]) && Double.isFinite(b[i])
                        ? Math.abs(a[i] - b[i]) / Math.max(1, Math.abs(a[i]))
                        : Double.POSITIVE_INFINITY);
        return error;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }
}
