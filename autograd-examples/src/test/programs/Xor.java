void main() {
    var rng = new Rng(0);
    Tensor x = Tensor.of(new double[][]{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
    Tensor y = Tensor.of(new double[][]{{0}, {1}, {1}, {0}});
    var model = Sequential.of(Dense.of(rng, 2, 8), Activation.TANH, Dense.of(rng, 8, 1));
    var optimizer = new Adam(0.05);
    for (int step = 0; step < 300; step++)
        optimizer.minimize(model, rng, pass -> Losses.binaryCrossEntropyWithLogits(model.forward(x, pass), y));
    List<Boolean> answers = new ArrayList<>();
    for (boolean answer : model.forward(x).gt(0).toArray())
        answers.add(answer);
    IO.println(answers); // prints [false, true, true, false]
}
