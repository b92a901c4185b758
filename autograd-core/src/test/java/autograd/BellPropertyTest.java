package autograd;

import autograd.arbitraries.TensorArbitraries;
import autograd.check.GradCheck;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The guide's example: a property of a user's operation. */
class BellPropertyTest {
    /** The bell curve e^(-x^2). */
    record Bell() implements Elementwise.Map1 {
        public double f(double x) { return Math.exp(-x * x); }

        public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.zmul(x.mul(-2).mul(y)); }
    }

    @Provide
    Arbitrary<Tensor> tensors() {
        return TensorArbitraries.shapes().flatMap(s -> TensorArbitraries.tensors(s, Op.Domain.REALS));
    }

    @Property(tries = 50)
    void derivativesOfTheBellAreItsSlopes(@ForAll("tensors") Tensor x) { GradCheck.of(new Bell()).verify(x); }
}
