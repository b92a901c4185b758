record Softsquare() implements Elementwise.Map1 {
    public double f(double x) { return x * x / (1 + x * x); }

    public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(x.mul(2).div(x.square().add(1).square())); }
}

record Wrong() implements Elementwise.Map1 {
    public double f(double x) { return x * x; }

    public Tensor vjp(Tensor g, Tensor x, Tensor y) { return g.mul(x); }
}

void main() {
    Tensor x = Tensor.of(DType.F64, -1, 0.5, 2);
    GradCheck.of(new Softsquare()).verify(x);
    IO.println(GradCheck.of(new Softsquare()).check(x).verdict()); // prints PASSED
    IO.println(GradCheck.of(new Wrong()).check(x).verdict()); // prints FAILED
}
