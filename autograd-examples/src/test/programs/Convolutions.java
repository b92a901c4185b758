void main() {
    var rng = new Rng(3);
    Tensor noise = Tensor.randn(rng, 64, 1, 8, 8).mul(0.2);
    int[] labels = IntStream.range(0, 64).map(i -> i % 2).toArray();
    float[] pixels = noise.toFloatArray();
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 8; j++) // a line down or across
            pixels[i * 64 + (labels[i] == 0 ? j * 8 + i % 8 : i % 8 * 8 + j)] += 1;
    Tensor x = Tensor.of(pixels, 64, 1, 8, 8);
    IntTensor y = IntTensor.of(labels);
    var model = Sequential.of(Conv2d.of(rng, 1, 4, 3), Activation.RELU, MaxPool2d.of(2), new Flatten(),
            Dense.of(rng, 4 * 3 * 3, 2));
    var optimizer = new Adam(1e-2);
    for (int step = 0; step < 60; step++)
        optimizer.minimize(model, rng, pass -> Losses.sparseSoftmaxCrossEntropy(model.forward(x, pass), y));
    IO.println(Accuracy.of(model.forward(x), y) > 0.95); // prints true
    IO.println(Summary.of(model, 1, 1, 8, 8).rows().isEmpty()); // prints false
}
