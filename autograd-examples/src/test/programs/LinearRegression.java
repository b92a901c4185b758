void main() {
    var rng = new Rng(1);
    Tensor x = Tensor.randn(rng, 100, 2), y = x.matmul(Tensor.of(new double[][]{{2}, {-3}})).add(0.5);
    var model = Dense.of(rng, 2, 1);
    var optimizer = new Sgd(0.1);
    for (int step = 0; step < 200; step++)
        optimizer.minimize(model, rng, pass -> Losses.meanSquaredError(model.forward(x, pass), y));
    IO.println("%.2f %.2f %.2f".formatted(model.weight().slice(0, 0, 1).item(), model.weight().slice(0, 1, 2).item(),
            model.bias().item())); // prints 2.00 -3.00 0.50
}
