void main() {
    var rng = new Rng(8);
    int steps = 6;
    Tensor x = Tensor.rand(rng, 32, steps, 1), y = x.sum(1); // [64, 1]
    record Net(Lstm lstm, Dense out) implements Layer {
        public Tensor forward(Tensor x, Pass pass) { return out.forward(lstm.forward(x).last().h()); }
    }
    var net = new Net(Lstm.of(rng, 1, 12), Dense.of(rng, 12, 1));
    var optimizer = new Adam(0.02);
    double before = Losses.meanSquaredError(net.forward(x), y).item();
    for (int step = 0; step < 80; step++)
        optimizer.minimize(net, rng, pass -> Losses.meanSquaredError(net.forward(x, pass), y));
    double after = Losses.meanSquaredError(net.forward(x), y).item();
    IO.println(after < before / 4); // prints true
}
