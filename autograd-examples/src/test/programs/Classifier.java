Dataset<Tensor, IntTensor> data(Rng rng, int n) {
    int[] labels = IntStream.range(0, n).map(i -> i % 3).toArray();
    IntTensor y = IntTensor.of(labels);
    return Dataset.of(y.oneHot(DType.F32, 3).repeat(12, 1).mul(2).add(Tensor.randn(rng, n, 36)), y);
}

void main() {
    var rng = new Rng(2);
    Dataset<Tensor, IntTensor> train = data(rng, 300), test = data(rng, 90);
    var model = Mlp.of(rng, 36, 16, 3);
    var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(1e-2), rng);
    History history = trainer.batchSize(32).metrics("accuracy").fit(train, test, 4);
    IO.println(history.size()); // prints 4
    IO.println(history.last().validation() < history.values("validation")[0]); // prints true
    IO.println(history.last().value("accuracy") > 0.9); // prints true
    IO.println(Accuracy.of(trainer.predict(test), test.all().y()) > 0.9); // prints true
}
