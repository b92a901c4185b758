void main() {
    var rng = new Rng(10);
    IntTensor noise = IntTensor.of(rng.permutation(60)); // labels that nothing can be learned from
    int[] labels = Arrays.stream(noise.toArray()).map(i -> i % 2).toArray();
    Split<Tensor, IntTensor> data = Dataset.of(Tensor.randn(rng, 60, 20), IntTensor.of(labels)).split(0.5);
    var model = Mlp.of(rng, 20, 32, 2);
    var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(0.02), rng);
    History epochs = trainer.fit(_ -> data.train().batches(10), data.test().batches(30), 200,
            new EarlyStopping(4).restoreBest());
    double best = epochs.stream().mapToDouble(Epoch::validation).min().orElseThrow();
    IO.println(epochs.size() < 100); // prints true
    IO.println(trainer.evaluate(data.test().batches(30)) == best); // prints true
}
