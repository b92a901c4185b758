package autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import autograd.array.DType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs, gradients and second derivatives equal PyTorch's in float64, case by case. */
class ConformanceTest {
    private static final double TOLERANCE = 1e-9;

    /** Maps the arguments and inputs of a case to its output. */
    private interface Call {
        Tensor of(JsonNode args, Tensor... in);
    }

    private static final Map<String, Call> CALLS = calls();

    private static Map<String, Call> calls() {
        Map<String, Call> calls = new HashMap<>();
        elementwise(calls);
        reductions(calls);
        movement(calls);
        products(calls);
        windows(calls);
        losses(calls);
        return calls;
    }

    private static void unary(Map<String, Call> calls, String name, UnaryOperator<Tensor> f) {
        calls.put(name, (_, in) -> f.apply(in[0]));
    }

    private static void binary(Map<String, Call> calls, String name, BinaryOperator<Tensor> f) {
        calls.put(name, (_, in) -> f.apply(in[0], in[1]));
    }

    private static void elementwise(Map<String, Call> c) {
        unary(c, "neg", Tensor::neg);
        unary(c, "abs", Tensor::abs);
        unary(c, "square", Tensor::square);
        unary(c, "sign", Tensor::sign);
        unary(c, "floor", Tensor::floor);
        unary(c, "ceil", Tensor::ceil);
        unary(c, "sqrt", Tensor::sqrt);
        unary(c, "rsqrt", Tensor::rsqrt);
        unary(c, "reciprocal", Tensor::reciprocal);
        unary(c, "exp", Tensor::exp);
        unary(c, "expm1", Tensor::expm1);
        unary(c, "log", Tensor::log);
        unary(c, "log1p", Tensor::log1p);
        unary(c, "log2", Tensor::log2);
        unary(c, "log10", Tensor::log10);
        unary(c, "sin", Tensor::sin);
        unary(c, "cos", Tensor::cos);
        unary(c, "tan", Tensor::tan);
        unary(c, "asin", Tensor::asin);
        unary(c, "acos", Tensor::acos);
        unary(c, "atan", Tensor::atan);
        unary(c, "sinh", Tensor::sinh);
        unary(c, "cosh", Tensor::cosh);
        unary(c, "tanh", Tensor::tanh);
        unary(c, "asinh", Tensor::asinh);
        unary(c, "acosh", Tensor::acosh);
        unary(c, "atanh", Tensor::atanh);
        unary(c, "sigmoid", Tensor::sigmoid);
        unary(c, "logSigmoid", Tensor::logSigmoid);
        unary(c, "softplus", Tensor::softplus);
        unary(c, "softsign", Tensor::softsign);
        unary(c, "relu", Tensor::relu);
        unary(c, "selu", Tensor::selu);
        unary(c, "gelu", Tensor::gelu);
        unary(c, "geluTanh", Tensor::geluTanh);
        unary(c, "silu", Tensor::silu);
        unary(c, "mish", Tensor::mish);
        unary(c, "hardtanh", Tensor::hardtanh);
        unary(c, "round", Tensor::round);
        unary(c, "erf", Tensor::erf);
        unary(c, "erfc", Tensor::erfc);
        c.put("leakyRelu", (a, in) -> in[0].leakyRelu(a.get("slope").asDouble()));
        c.put("elu", (a, in) -> in[0].elu(a.get("alpha").asDouble()));
        c.put("clamp", (a, in) -> in[0].clamp(a.get("min").asDouble(), a.get("max").asDouble()));
        binary(c, "add", Tensor::add);
        binary(c, "sub", Tensor::sub);
        binary(c, "mul", Tensor::mul);
        binary(c, "div", Tensor::div);
        binary(c, "maximum", Tensor::maximum);
        binary(c, "minimum", Tensor::minimum);
        binary(c, "atan2", Tensor::atan2);
        binary(c, "hypot", Tensor::hypot);
        c.put("pow", (a, in) -> in.length == 2 ? in[0].pow(in[1]) : in[0].pow(a.get("exponent").asDouble()));
        c.put("where", (a, in) -> in[0].where(tensor(a.get("condition")).ne(0), in[1]));
        c.put("maskedFill", (a, in) -> in[0].maskedFill(tensor(a.get("mask")).ne(0), a.get("value").asDouble()));
    }

    private static boolean keep(JsonNode args) { return args.path("keepDims").asBoolean(false); }

    private static void reductions(Map<String, Call> c) {
        c.put("sum", (a, in) -> in[0].sum(keep(a), ints(a.get("axes"))));
        c.put("mean", (a, in) -> in[0].mean(keep(a), ints(a.get("axes"))));
        c.put("max", (a, in) -> in[0].max(keep(a), ints(a.get("axes"))));
        c.put("min", (a, in) -> in[0].min(keep(a), ints(a.get("axes"))));
        c.put("logSumExp", (a, in) -> in[0].logSumExp(keep(a), ints(a.get("axes"))));
        c.put("variance", (a, in) -> in[0].variance(a.get("correction").asInt(), keep(a), ints(a.get("axes"))));
        c.put("std", (a, in) -> in[0].std(a.get("correction").asInt(), keep(a), ints(a.get("axes"))));
        c.put("norm", (a, in) -> in[0].norm(a.get("p").asDouble(), keep(a), ints(a.get("axes"))));
        c.put("prod", (a, in) -> in[0].prod(a.get("axis").asInt()));
        c.put("cumsum", (a, in) -> in[0].cumsum(a.get("axis").asInt()));
        c.put("cumprod", (a, in) -> in[0].cumprod(a.get("axis").asInt()));
        c.put("softmax", (a, in) -> in[0].softmax(a.get("axis").asInt()));
        c.put("logSoftmax", (a, in) -> in[0].logSoftmax(a.get("axis").asInt()));
    }

    private static void movement(Map<String, Call> c) {
        c.put("reshape", (a, in) -> in[0].reshape(ints(a.get("shape"))));
        c.put("permute", (a, in) -> in[0].permute(ints(a.get("axes"))));
        unary(c, "transpose", Tensor::transpose);
        c.put("squeeze", (a, in) -> in[0].squeeze(a.get("axis").asInt()));
        c.put("unsqueeze", (a, in) -> in[0].unsqueeze(a.get("axis").asInt()));
        c.put("broadcastTo", (a, in) -> in[0].broadcastTo(ints(a.get("shape"))));
        c.put("slice", (a, in) -> in[0].slice(ints(a.get("begin")), ints(a.get("end")), ints(a.get("step"))));
        c.put("flip", (a, in) -> in[0].flip(ints(a.get("axes"))));
        c.put("roll", (a, in) -> in[0].roll(a.get("shift").asInt(), a.get("axis").asInt()));
        c.put("pad", (a, in) -> in[0].pad(ints(a.get("before")), ints(a.get("after")), a.get("value").asDouble()));
        c.put("tile", (a, in) -> in[0].tile(ints(a.get("repeats"))));
        c.put("tril", (a, in) -> in[0].tril(a.get("diagonal").asInt()));
        c.put("triu", (a, in) -> in[0].triu(a.get("diagonal").asInt()));
        unary(c, "diagonal", Tensor::diagonal);
        unary(c, "trace", Tensor::trace);
        c.put("concat", (a, in) -> Tensor.concat(a.get("axis").asInt(), in));
        c.put("stack", (a, in) -> Tensor.stack(a.get("axis").asInt(), in));
        c.put("indexSelect", (a, in) -> in[0].indexSelect(a.get("axis").asInt(), indices(a.get("indices"))));
        c.put("gather", (a, in) -> in[0].gather(a.get("axis").asInt(), indices(a.get("indices"))));
    }

    private static void products(Map<String, Call> c) {
        binary(c, "matmul", Tensor::matmul);
        binary(c, "outer", Tensor::outer);
        binary(c, "dot", Tensor::dot);
        binary(c, "solve", Tensor::solve);
        unary(c, "inverse", Tensor::inverse);
        unary(c, "det", Tensor::det);
        unary(c, "cholesky", Tensor::cholesky);
        c.put("einsum", (a, in) -> Tensor.einsum(a.get("equation").asText(), in));
        c.put("scaledDotProductAttention", (a, in) -> attention(a.get("causal").asBoolean(), in));
        c.put("embedding", (a, in) -> in[0].indexSelect(0, indices(a.get("indices"))));
    }

    private static Tensor attention(boolean causal, Tensor... in) {
        Tensor scores = in[0].matmul(in[1].transpose()).div(Math.sqrt(in[0].shape().dim(-1)));
        if (causal)
            scores = scores.maskedFill(Tensor.onesLike(scores).triu(1).gt(0), Double.NEGATIVE_INFINITY);
        return scores.softmax(-1).matmul(in[2]);
    }

    private static void windows(Map<String, Call> c) {
        c.put("conv2d", (a, in) -> in[0].conv2d(in[1], sliding(a)).add(in[2].reshape(-1, 1, 1)));
        c.put("convTranspose2d", (a, in) -> in[0]
                .convTranspose2d(in[1], sliding(a), a.path("outputPadding").asInt(0)).add(in[2].reshape(-1, 1, 1)));
        c.put("maxPool2d", (a, in) -> in[0].maxPool2d(a.get("kernel").asInt(), a.get("stride").asInt(),
                a.get("padding").asInt()));
        c.put("avgPool2d", (a, in) -> in[0].avgPool2d(a.get("kernel").asInt(), a.get("stride").asInt(),
                a.get("padding").asInt()));
        c.put("layerNorm", (a, in) -> in[0].layerNorm(in[1], in[2], a.get("eps").asDouble()));
        c.put("rmsNorm", (a, in) -> in[0].rmsNorm(in[1], a.get("eps").asDouble()));
        c.put("batchNormTraining", (a, in) -> in[0].batchNorm(in[1], in[2], a.get("eps").asDouble()));
    }

    private static Windows.Sliding sliding(JsonNode a) {
        return new Windows.Sliding(a.get("stride").asInt(), a.get("padding").asInt(), a.get("dilation").asInt(),
                a.get("groups").asInt());
    }

    private static void losses(Map<String, Call> c) {
        c.put("sparseSoftmaxCrossEntropy",
                (a, in) -> in[0].sparseSoftmaxCrossEntropy(indices(a.get("labels"))).mean());
        c.put("softmaxCrossEntropy", (a, in) -> in[0].softmaxCrossEntropy(tensor(a.get("targets"))).mean());
        c.put("binaryCrossEntropyWithLogits",
                (a, in) -> in[0].binaryCrossEntropyWithLogits(tensor(a.get("targets"))).mean());
        c.put("binaryCrossEntropy", (a, in) -> {
            Tensor t = tensor(a.get("targets")), p = in[0];
            return t.mul(p.log()).add(t.neg().add(1).mul(p.neg().log1p())).mean().neg();
        });
        c.put("meanSquaredError", (a, in) -> in[0].sub(tensor(a.get("targets"))).square().mean());
        c.put("meanAbsoluteError", (a, in) -> in[0].sub(tensor(a.get("targets"))).abs().mean());
        c.put("huber", (a, in) -> {
            Tensor e = in[0].sub(tensor(a.get("targets"))).abs();
            double delta = a.get("delta").asDouble();
            return e.square().mul(0.5).where(e.le(delta), e.sub(delta / 2).mul(delta)).mean();
        });
        c.put("klDivergence", (a, in) -> {
            Tensor t = tensor(a.get("targets"));
            return t.mul(t.log().sub(in[0].logSoftmax(-1))).sum().div(t.shape().dim(0));
        });
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return Stream.of("elementwise_unary", "elementwise_binary", "reduction", "movement", "linear_algebra", "nn")
                .flatMap(ConformanceTest::read);
    }

    private static Stream<DynamicTest> read(String file) {
        try (var in = ConformanceTest.class.getResourceAsStream("/conformance/" + file + ".json")) {
            List<DynamicTest> tests = new ArrayList<>();
            for (JsonNode c : new ObjectMapper().readTree(in).get("cases"))
                tests.add(DynamicTest.dynamicTest(file + ": " + c.get("op").asText() + " " + c.get("args"),
                        () -> check(c)));
            assertEquals(false, tests.isEmpty());
            return tests.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(JsonNode c) {
        Call call = CALLS.get(c.get("op").asText());
        assertNotNull(call, "no line for operation " + c.get("op") + ": add one to this test");
        try (var outer = new GradientTape()) {
            Tensor[] x = tensors(c.get("inputs"));
            for (int i = 0; i < x.length; i++)
                x[i] = outer.watch(x[i]);
            Tensor y, inner = Tensor.scalar(DType.F64, 0);
            try (var tape = new GradientTape()) {
                y = call.of(c.get("args"), x);
                same("output", c.get("output"), y);
                Gradients g = tape.gradient(y, tensor(c.get("cotangent")), List.of(x));
                for (int i = 0; i < x.length; i++) {
                    same("gradient " + i, c.get("grads").get(i), g.of(x[i]));
                    if (c.has("direction"))
                        inner = inner.add(g.of(x[i]).mul(tensor(c.get("direction").get(i))).sum());
                }
            }
            if (!c.has("second"))
                return;
            Gradients second = outer.gradient(inner, List.of(x));
            for (int i = 0; i < x.length; i++)
                same("second derivative " + i, c.get("second").get(i), second.of(x[i], Unconnected.ZERO));
        }
    }

    private static void same(String what, JsonNode expected, Tensor actual) {
        assertArrayEquals(ints(expected.get("shape")), actual.shape().dims(), what);
        double[] want = doubles(expected.get("data")), got = actual.toDoubleArray();
        double scale = IntStream.range(0, want.length).mapToDouble(i -> Math.abs(want[i])).max().orElse(0);
        for (int i = 0; i < want.length; i++)
            assertEquals(want[i], got[i], TOLERANCE * Math.max(Math.abs(want[i]), Math.min(1, scale)), what + " " + i);
    }

    private static Tensor[] tensors(JsonNode list) {
        Tensor[] out = new Tensor[list.size()];
        for (int i = 0; i < out.length; i++)
            out[i] = tensor(list.get(i));
        return out;
    }

    private static Tensor tensor(JsonNode n) {
        return Tensor.of(DType.F64, doubles(n.get("data")), ints(n.get("shape")));
    }

    private static IntTensor indices(JsonNode n) {
        if (!n.get(0).isArray())
            return IntTensor.of(ints(n));
        int[] flat = IntStream.range(0, n.size()).flatMap(i -> IntStream.of(ints(n.get(i)))).toArray();
        return IntTensor.of(flat, n.size(), n.get(0).size());
    }

    private static int[] ints(JsonNode n) { return IntStream.range(0, n.size()).map(i -> n.get(i).asInt()).toArray(); }

    private static double[] doubles(JsonNode n) {
        return IntStream.range(0, n.size()).mapToDouble(i -> n.get(i).asDouble()).toArray();
    }
}
