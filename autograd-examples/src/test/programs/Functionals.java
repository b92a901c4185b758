void main() {
    Function<Tensor, Tensor> f = x -> x.square().mul(x).sum(); // the sum of x^3
    Tensor x = Tensor.of(DType.F64, 1, 2);
    IO.println(Functional.grad(f).apply(x)); // prints [ 3.0, 12.0] [2] f64
    IO.println(Arrays.toString(Functional.hessian(f).apply(x).toDoubleArray())); // prints [6.0, 0.0, 0.0, 12.0]
    IO.println(Functional.hvp(f, x, Tensor.of(DType.F64, 1, 1))); // prints [ 6.0, 12.0] [2] f64
    Tensor jacobian = Functional.jacobian(t -> t.mul(2)).apply(x);
    IO.println(jacobian.shape() + " " + jacobian.sum().item()); // prints [2, 2] 4.0
}
