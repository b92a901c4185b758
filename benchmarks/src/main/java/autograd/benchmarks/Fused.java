package autograd.benchmarks;

import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Scope;
import autograd.array.Shape;
import autograd.benchmarks.Worker.Step;
import autograd.kernels.Kernels;

/**
 * The training step of a perceptron as one would write it by hand: this framework's matrix product and plain
 * loops over arrays that are made once, without tensors or a tape. What is above its time is what the
 * framework costs.
 */
final class Fused {
    private static final float RATE = 1e-3f, BETA1 = 0.9f, BETA2 = 0.999f, EPSILON = 1e-8f;

    /** Added and taken away again it leaves no subnormal number, with which processors are many times slower. */
    private static final float FLUSH = 1e-25f;

    private final int batch;
    private final float[] x;
    private final int[] labels;
    private final Affine[] layers;
    private int steps;

    /** A layer with what Adam keeps for it. */
    private static final class Affine {
        final int in, out;
        final Parameter weight, bias;

        Affine(Rng rng, int in, int out) {
            this.in = in;
            this.out = out;
            weight = new Parameter(in * out);
            bias = new Parameter(out);
            for (int i = 0; i < in * out; i++)
                weight.value[i] = (float) (rng.nextGaussian() * Math.sqrt(2.0 / in));
        }
    }

    /** Numbers that are trained, with Adam's running means. */
    private static final class Parameter {
        final float[] value, mean, square;

        Parameter(int size) {
            value = new float[size];
            mean = new float[size];
            square = new float[size];
        }

        void adam(float[] gradient, float rate, float root) {
            for (int i = 0; i < value.length; i++) {
                float g = gradient[i];
                float m = BETA1 * mean[i] + (1 - BETA1) * g + FLUSH - FLUSH;
                float s = BETA2 * square[i] + (1 - BETA2) * g * g;
                mean[i] = m;
                square[i] = s;
                value[i] -= rate * m / ((float) Math.sqrt(s) * root + EPSILON);
            }
        }
    }

    private Fused(Work.Mlp w) {
        batch = w.batch();
        x = w.x();
        labels = w.y();
        layers = new Affine[w.sizes().length - 1];
        var rng = new Rng(0);
        for (int i = 0; i < layers.length; i++)
            layers[i] = new Affine(rng, w.sizes()[i], w.sizes()[i + 1]);
    }

    static void main(String[] args) throws Exception {
        Worker.serve((work, _) -> switch (work) {
            case Work.Mlp w -> new Fused(w)::step;
            default -> throw Worker.refused(work, "only the perceptrons W1a, W1b and W1c are written by hand");
        }, args);
    }

    private double step() {
        try (var _ = Scope.releasing()) { // products in memory that is made once, as all the rest
            return trained();
        }
    }

    private double trained() {
        float[][] inputs = new float[layers.length][];
        float[] h = x;
        for (int i = 0; i < layers.length; i++) {
            inputs[i] = h;
            h = forward(layers[i], h, i < layers.length - 1);
        }
        double loss = softmaxCrossEntropy(h);
        steps++;
        float rate = (float) (RATE / (1 - Math.pow(BETA1, steps)));
        float root = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
        float[] g = h; // of the logits by now
        for (int i = layers.length - 1; i >= 0; i--) {
            Affine layer = layers[i];
            NdArray cotangent = matrix(g, layer.out);
            float[] weight = product(matrix(inputs[i], layer.in).permute(1, 0), cotangent);
            float[] bias = columnSums(g, layer.out);
            if (i > 0) {
                NdArray w = NdArray.of(layer.weight.value, Shape.of(layer.in, layer.out));
                g = product(cotangent, w.permute(1, 0));
                mask(g, inputs[i]);
            }
            layer.weight.adam(weight, rate, root);
            layer.bias.adam(bias, rate, root);
        }
        return loss;
    }

    private float[] forward(Affine layer, float[] h, boolean rectified) {
        float[] y = product(matrix(h, layer.in), NdArray.of(layer.weight.value, Shape.of(layer.in, layer.out)));
        float[] bias = layer.bias.value;
        float floor = rectified ? 0 : Float.NEGATIVE_INFINITY;
        for (int row = 0; row < batch; row++)
            for (int j = 0, at = row * layer.out; j < layer.out; j++)
                y[at + j] = Math.max(y[at + j] + bias[j], floor);
        return y;
    }

    /** The mean loss; the logits become their gradient. */
    private double softmaxCrossEntropy(float[] logits) {
        int classes = logits.length / batch;
        double loss = 0;
        for (int row = 0; row < batch; row++) {
            int at = row * classes;
            float largest = Float.NEGATIVE_INFINITY, sum = 0;
            for (int j = 0; j < classes; j++)
                largest = Math.max(largest, logits[at + j]);
            loss -= logits[at + labels[row]] - largest;
            for (int j = 0; j < classes; j++)
                sum += logits[at + j] = (float) Math.exp(logits[at + j] - largest);
            loss += Math.log(sum);
            for (int j = 0; j < classes; j++)
                logits[at + j] /= sum * batch;
            logits[at + labels[row]] -= 1f / batch;
        }
        return loss / batch;
    }

    private float[] columnSums(float[] g, int columns) {
        float[] sums = new float[columns];
        for (int row = 0; row < batch; row++)
            for (int j = 0; j < columns; j++)
                sums[j] += g[row * columns + j];
        return sums;
    }

    private static void mask(float[] g, float[] rectified) {
        for (int i = 0; i < g.length; i++)
            g[i] = rectified[i] > 0 ? g[i] : 0;
    }

    private NdArray matrix(float[] rows, int columns) { return NdArray.of(rows, Shape.of(batch, columns)); }

    private static float[] product(NdArray a, NdArray b) { return Kernels.get().matmul(a, b).storage().floats(); }
}
