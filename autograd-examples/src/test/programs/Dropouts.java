void main() {
    var dropout = new Dropout(0.25);
    Tensor ones = Tensor.ones(1000);
    IO.println(dropout.forward(ones).sum().item()); // prints 1000.0
    Tensor y = dropout.forward(ones, Pass.training(new Rng(5)));
    int zeros = y.eq(0).count();
    IO.println(zeros > 200 && zeros < 300); // prints true
    IO.println("%.4f".formatted(y.max().item())); // prints 1.3333
}
