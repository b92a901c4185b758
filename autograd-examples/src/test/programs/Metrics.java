void main() {
    Tensor scores = Tensor.of(new double[][]{{3, 1, 0}, {0, 2, 1}, {1, 0, 4}, {2, 3, 1}});
    IntTensor labels = IntTensor.of(0, 1, 2, 0);
    IO.println(Accuracy.of(scores, labels)); // prints 0.75
    IO.println(new TopK(2).add(scores, labels).value()); // prints 1.0
    var matrix = new ConfusionMatrix(3).add(scores.argMax(1), labels);
    IO.println(matrix.count(0, 1) + " of " + matrix.total()); // prints 1 of 4
    IO.println(matrix.recall(0)); // prints 0.5
    IO.println(new Auc().add(Tensor.of(0.1, 0.4, 0.35, 0.8), IntTensor.of(0, 0, 1, 1)).value()); // prints 0.75
    var regression = new Regression().add(Tensor.of(1, 2, 3), Tensor.of(1, 2, 5));
    IO.println("%.4f %.4f".formatted(regression.mse(), regression.mae())); // prints 1.3333 0.6667
}
