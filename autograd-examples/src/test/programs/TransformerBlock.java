void main() {
    var rng = new Rng(11);
    int length = 5, width = 8;
    Tensor x = Tensor.randn(rng, 16, length, width);
    Tensor y = Tensor.concat(1, x.slice(1, 0, 1), x.slice(1, 0, length - 1)); // each place is to repeat the one before
    var block = EncoderBlock.of(rng, width, 2, 32, 0.0);
    var places = PositionalEncoding.sinusoidal(length, width);
    Mask causal = Masks.causal(length);
    Supplier<Tensor> loss = () -> Losses.meanSquaredError(block.forward(places.forward(x), causal, Pass.EVAL), y);
    double before = loss.get().item();
    var optimizer = new AdamW(1e-2);
    for (int step = 0; step < 60; step++)
        optimizer.minimize(block, loss);
    IO.println(loss.get().item() < before / 2); // prints true
    Tensor changed = Tensor.concat(1, x.slice(1, 0, 4), Tensor.zeros(16, 1, width)); // the last place alone
    Tensor a = block.forward(x, causal, Pass.EVAL), b = block.forward(changed, causal, Pass.EVAL);
    IO.println(a.slice(1, 0, 4).sub(b.slice(1, 0, 4)).abs().max().item()); // prints 0.0
}
