package autograd;

import autograd.kernels.Intrinsic;
import autograd.kernels.Kernels;

/** Activation functions of neural networks, applied to each element. */
public sealed interface Activations extends Operand permits Tensor {
    /** Logistic function: 1 / (1 + e^-x). */
    default Tensor sigmoid() { return apply(new Sigmoid()); }

    record Sigmoid() implements Elementwise.Map1 {
        public double f(double x) {
            double e = Math.exp(-Math.abs(x)); // never overflows
            return x >= 0 ? 1 / (1 + e) : e / (1 + e);
        }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(new SigmoidVjp(), x, y); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SIGMOID; }
    }

    /** g y (1 - y) of g, x and y = sigmoid(x), in one pass; computed from x where y is rounded to 1. */
    record SigmoidVjp() implements SaturatingVjp {
        public Kernels.Fn2 fromValue() { return new Value(); }

        public Kernels.Fn2 fromArgument() { return new Argument(); }

        public Tensor definition(Tensor... in) { return in[0].zmul(in[2].mul(in[2].neg().add(1))); }

        public Tensor curve(Tensor y) { return y.mul(-2).add(1); }

        @Override
        public Domain domain(int i) { return i == 2 ? new Domain(0, 1) : Domain.REALS; }

        private record Value() implements Kernels.Fn2 {
            public double f(double g, double y) { return g == 0 ? 0 : g * (y * (1 - y)); }

            @Override
            public Intrinsic intrinsic() { return Intrinsic.SIGMOID_VJP; }
        }

        private record Argument() implements Kernels.Fn2 {
            public double f(double g, double x) {
                double e = Math.exp(-0.5 * Math.abs(x)), root = e / (1 + e * e);
                return g == 0 ? 0 : g * root * root;
            }

            @Override
            public Intrinsic intrinsic() { return Intrinsic.SIGMOID_SLOPE; }
        }
    }

    /** Rectifier: max(x, 0), with derivative 0 at 0. Nair and Hinton, ICML 2010. */
    default Tensor relu() {
        return apply(SingleNumbers.RELU);
    }

    record Relu() implements Elementwise.Map1 {
        public double f(double x) { return Math.max(x, 0); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.apply(SingleNumbers.RELU_VJP, y); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.RELU; }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** g where y > 0, else 0, in one pass. */
    record ReluVjp() implements Elementwise.Map2, Op.Fused {
        public double f(double g, double y) { return y > 0 ? g : 0; }

        public Tensor definition(Tensor... in) { return in[0].where(in[1].gt(0), 0); }

        public Tensor vjpA(Tensor h, Tensor g, Tensor y, Tensor r) { return h.apply(SingleNumbers.RELU_VJP, y); }

        public Tensor vjpB(Tensor h, Tensor g, Tensor y, Tensor r) { return Tensor.zerosLike(y); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.RELU_VJP; }

        @Override
        public Domain domain(int i) { return i == 0 ? Domain.REALS : Domain.kinks(0); }
    }

    /** log(sigmoid(x)), without underflow. */
    default Tensor logSigmoid() { return apply(new LogSigmoid()); }

    record LogSigmoid() implements Elementwise.Map1 {
        public double f(double x) { return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.neg().sigmoid()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.LOG_SIGMOID; }
    }

    /** log(1 + e^x), without overflow: a smooth rectifier. Dugas et al., NIPS 2000. */
    default Tensor softplus() {
        return apply(new Softplus());
    }

    record Softplus() implements Elementwise.Map1 {
        public double f(double x) { return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.sigmoid()); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.SOFTPLUS; }
    }

    /** x / (1 + |x|). Its second derivative jumps at 0, where it is taken as 0. */
    default Tensor softsign() {
        return apply(new Softsign());
    }

    record Softsign() implements Elementwise.Map1 {
        public double f(double x) { return Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x)); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor root = x.abs().add(1); // its square may overflow
            return g.zdiv(root).zdiv(root);
        }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** x where x > 0, else slope times x, with derivative slope at 0. Maas et al., ICML 2013. */
    default Tensor leakyRelu(double slope) {
        return apply(new LeakyRelu(slope));
    }

    record LeakyRelu(double slope) implements Elementwise.Map1 {
        public double f(double x) { return x > 0 ? x : slope * x; }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.where(x.gt(0), g.mul(slope)); }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.LEAKY_RELU; }

        @Override
        public double p() { return slope; }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** x where x > 0, else alpha (e^x - 1), with derivative alpha at 0. Clevert et al., ICLR 2016. */
    default Tensor elu(double alpha) {
        return apply(new Elu(alpha));
    }

    record Elu(double alpha) implements Elementwise.Map1 {
        public double f(double x) { return x > 0 ? x : alpha * Math.expm1(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            return g.zmul(Tensor.onesLike(x).where(x.gt(0), x.exp().mul(alpha)));
        }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.ELU; }

        @Override
        public double p() { return alpha; }

        @Override
        public Domain domain(int i) { return Domain.kinks(0); }
    }

    /** The self-normalizing elu: scaled so that mean 0 and variance 1 are kept. Klambauer et al., NIPS 2017. */
    default Tensor selu() {
        return elu(1.6732632423543772).mul(1.0507009873554805);
    }

    /** x times the normal distribution's probability of less than x. Hendrycks and Gimpel, 2016. */
    default Tensor gelu() {
        return apply(new Gelu());
    }

    record Gelu() implements Elementwise.Map1 {
        public double f(double x) { return x == Double.NEGATIVE_INFINITY ? -0.0 : x * Special.normalCdf(x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            Tensor cdf = x.mul(-Math.sqrt(0.5)).erfc().mul(0.5);
            Tensor pdf = x.square().mul(-0.5).exp().mul(1 / Math.sqrt(2 * Math.PI));
            return g.zmul(cdf.add(pdf.zmul(x))); // 0 * Inf is 0 here
        }

        @Override
        public Intrinsic intrinsic() { return Intrinsic.GELU; }
    }

    /** The approximation of {@link #gelu} by tanh: x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
    default Tensor geluTanh() {
        Tensor u = self().square().mul(0.044715).add(1).mul(self()).mul(Math.sqrt(2 / Math.PI));
        return u.mul(2).sigmoid().zmul(self()); // (1 + tanh(u)) / 2, of which no digits are lost; 0 at -Inf
    }

    /** x sigmoid(x), also called swish. Ramachandran et al., 2017. */
    default Tensor silu() {
        return sigmoid().zmul(self()); // 0 at -Inf
    }

    /** x tanh(softplus(x)). Misra, 2019. */
    default Tensor mish() {
        return softplus().tanh().zmul(self()); // 0 at -Inf
    }

    /** x brought into [-1, 1]. */
    default Tensor hardtanh() { return self().clamp(-1, 1); }
}
