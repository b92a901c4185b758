void main() {
    Tensor a = Tensor.rand(DType.F64, new Rng(1), 5, 2, 3), b = Tensor.rand(DType.F64, new Rng(2), 5, 3, 4);
    Tensor c = Tensor.einsum("bij,bjk->bik", a, b);
    IO.println(c.shape()); // prints [5, 2, 4]
    IO.println(c.sub(a.matmul(b)).abs().max().item() < 1e-12); // prints true
    Tensor square = Tensor.of(new double[][]{{1, 2}, {3, 4}});
    IO.println(Tensor.einsum("ii->", square).item()); // prints 5.0
    IO.println(Tensor.einsum("i,j->ij", Tensor.of(1, 2), Tensor.of(3, 4)).sum().item()); // prints 21.0
    GradCheck.ofAll(in -> Tensor.einsum("bij,bjk->bik", in)).verify(a, b);
}
