package autograd.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;
import com.google.protobuf.ByteString;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The graph of an ONNX file while it is built. Values have names; what nothing uses is left out in the end.
 */
final class Graph {
    /** A message of protocol buffers has less than 2 GB. */
    private static final long LARGEST = Integer.MAX_VALUE - (64L << 20);

    private final List<NodeProto> nodes = new ArrayList<>();
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private final Map<ByteString, List<String>> known = new HashMap<>();
    private final List<ValueInfoProto> inputs = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long bytes;

    /** A name that no other value has: the given one, if it is free. */
    String name(String wanted) {
        String name = wanted;
        for (int i = 1; !names.add(name); i++)
            name = wanted + "_" + i;
        return name;
    }

    // ---- values

    /** An input of the graph; {@code batch} says whether its first extent may be any. */
    void input(String name, int type, Shape shape, boolean batch) {
        names.add(name);
        inputs.add(info(name, type, shape, batch));
    }

    private static ValueInfoProto info(String name, int type, Shape shape, boolean batch) {
        var dims = TensorShapeProto.newBuilder();
        for (int i = 0; i < shape.rank(); i++) {
            var dim = TensorShapeProto.Dimension.newBuilder();
            dims.addDim(i == 0 && batch ? dim.setDimParam("batch") : dim.setDimValue(shape.dim(i)));
        }
        return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dims))).build();
    }

    static int type(DType dtype) {
        return (dtype == DType.F32 ? TensorProto.DataType.FLOAT : TensorProto.DataType.DOUBLE).getNumber();
    }

    static int integers() { return TensorProto.DataType.INT64.getNumber(); }

    /** A tensor of numbers that are in the file. */
    String constant(String name, Tensor x) {
        boolean f32 = x.dtype() == DType.F32;
        ByteBuffer raw = buffer(x.size(), f32 ? Float.BYTES : Double.BYTES);
        if (f32)
            raw.asFloatBuffer().put(x.toFloatArray());
        else
            raw.asDoubleBuffer().put(x.toDoubleArray());
        return constant(name, type(x.dtype()), raw, x.shape().dims());
    }

    /** Whole numbers in a shape. */
    String longs(long[] values, int... shape) {
        ByteBuffer raw = buffer(values.length, Long.BYTES);
        raw.asLongBuffer().put(values);
        return constant("integers", integers(), raw, shape);
    }

    /** A vector of whole numbers. */
    String longs(long... values) { return longs(values, values.length); }

    String longs(int... values) { return longs(Arrays.stream(values).asLongStream().toArray()); }

    String booleans(boolean[] values, int... shape) {
        ByteBuffer raw = buffer(values.length, 1);
        for (boolean v : values)
            raw.put((byte) (v ? 1 : 0));
        return constant("mask", TensorProto.DataType.BOOL.getNumber(), raw.rewind(), shape);
    }

    private static ByteBuffer buffer(int count, int size) {
        if ((long) count * size > LARGEST)
            throw new IllegalArgumentException("onnx: a constant has " + (long) count * size
                    + " bytes; a file holds less than 2 GB");
        return ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private String constant(String wanted, int type, ByteBuffer raw, int... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type);
        for (int d : shape)
            tensor.addDims(d);
        TensorProto content = tensor.setRawData(ByteString.copyFrom(raw)).build();
        ByteString key = content.getRawData().size() > 64 ? ByteString.EMPTY : content.toByteString();
        for (String name : known.getOrDefault(key, List.of()))
            if (!key.isEmpty())
                return name;
        String name = name(wanted);
        bytes += raw.capacity();
        if (bytes > LARGEST)
            throw new IllegalArgumentException("onnx: the weights up to " + name + " have " + bytes
                    + " bytes; a file holds less than 2 GB");
        known.computeIfAbsent(key, _ -> new ArrayList<>()).add(name);
        initializers.put(name, content.toBuilder().setName(name).build());
        return name;
    }

    // ---- operators

    /** The output of an operator: its inputs, "" for none, and its attributes, name after value. */
    String node(String operator, List<String> in, Object... attributes) {
        return nodes(operator, 1, in, attributes).getFirst();
    }

    /** Several outputs of an operator. */
    List<String> nodes(String operator, int outputs, List<String> in, Object... attributes) {
        String name = name(Character.toLowerCase(operator.charAt(0)) + operator.substring(1));
        List<String> out = new ArrayList<>(List.of(name));
        for (int i = 1; i < outputs; i++)
            out.add(name(name + "_output" + i));
        var node = NodeProto.newBuilder().setName(name).setOpType(operator).addAllInput(in).addAllOutput(out);
        for (int i = 0; i < attributes.length; i += 2)
            node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
        nodes.add(node.build());
        return out;
    }

    private static AttributeProto attribute(String name, Object value) {
        var attribute = AttributeProto.newBuilder().setName(name);
        return switch (value) {
            case Integer i -> attribute.setType(AttributeType.INT).setI(i).build();
            case Boolean b -> attribute.setType(AttributeType.INT).setI(b ? 1 : 0).build();
            case Double d -> attribute.setType(AttributeType.FLOAT).setF(d.floatValue()).build();
            case String s -> attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(s)).build();
            case int[] many -> {
                for (int i : many)
                    attribute.addInts(i);
                yield attribute.setType(AttributeType.INTS).build();
            }
            default -> throw new AssertionError(value.getClass());
        };
    }

    // ---- the file

    /** A model with this graph, whose output is a value, by another name. */
    byte[] file(String result, String output, DType dtype, Shape shape, boolean batch, int opset) {
        names.add(output);
        nodes.add(NodeProto.newBuilder().setName(output).setOpType("Identity").addInput(result).addOutput(output)
                .build());
        Set<String> used = new HashSet<>(List.of(output));
        List<NodeProto> kept = new ArrayList<>();
        for (NodeProto node : nodes.reversed())
            if (node.getOutputList().stream().anyMatch(used::contains)) {
                used.addAll(node.getInputList());
                kept.addFirst(node);
            }
        var graph = GraphProto.newBuilder().setName("model").addAllNode(kept).addAllInput(inputs)
                .addOutput(info(output, type(dtype), shape, batch));
        initializers.forEach((name, tensor) -> {
            if (used.contains(name))
                graph.addInitializer(tensor);
        });
        return ModelProto.newBuilder().setIrVersion(10).setProducerName("autograd").setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset)).build().toByteArray();
    }
}
