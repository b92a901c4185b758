void main() {
    var norm = BatchNorm.of(3);
    Tensor x = Tensor.randn(new Rng(6), 500, 3).mul(4).add(7);
    Tensor y = norm.forward(x, Pass.training(new Rng(0)));
    IO.println(y.mean(0).abs().max().item() < 1e-5); // prints true
    IO.println("%.2f".formatted(y.std(0).mean().item())); // prints 1.00
    for (int i = 0; i < 200; i++)
        norm.forward(x, Pass.training(new Rng(0)));
    IO.println(norm.runningMean().sub(x.mean(0)).abs().max().item() < 1e-4); // prints true
    IO.println(norm.forward(x).sub(y).abs().max().item() < 0.02); // prints true
}
