void main() {
    var x = new Variable("x", Tensor.scalar(DType.F64, 2));
    try (var third = new GradientTape(); var second = new GradientTape()) {
        Tensor slope;
        try (var first = new GradientTape()) {
            slope = first.gradient(x.square().square(), x); // 4 x^3
        }
        Tensor curvature = second.gradient(slope, x); // 12 x^2
        Tensor jerk = third.gradient(curvature, x); // 24 x
        IO.println(slope.item() + " " + curvature.item() + " " + jerk.item()); // prints 32.0 48.0 48.0
    }
}
