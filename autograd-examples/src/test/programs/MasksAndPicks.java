void main() {
    var x = new Variable("x", Tensor.of(DType.F64, -2, -1, 0, 1, 2));
    Mask positive = x.gt(0);
    IO.println(positive.count() + " " + positive.not().any()); // prints 2 true
    try (var tape = new GradientTape()) {
        Tensor y = x.log().where(positive, 0).sum();
        IO.println("%.4f".formatted(y.item())); // prints 0.6931
        IO.println(tape.gradient(y, x)); // prints [0.0, 0.0, 0.0, 1.0, 0.5] [5] f64
    }
    IO.println(x.indexSelect(0, IntTensor.of(4, 0))); // prints [ 2.0, -2.0] [2] f64
    IO.println(Masks.lengths(3, 2, 3).count()); // prints 5
}
