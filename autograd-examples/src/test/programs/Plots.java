void main() throws IOException {
    Path folder = Files.createTempDirectory("plots");
    double[] losses = IntStream.range(1, 20).mapToDouble(i -> 1.0 / i).toArray();
    new Chart("loss", "epoch", "loss").line("train", losses).logarithmic().save(folder.resolve("loss.png"));
    new ImageGrid("digits", 2).add(Tensor.rand(new Rng(0), 8, 8), "one").save(folder.resolve("grid.png"));
    var matrix = new ConfusionMatrix(2).add(IntTensor.of(0, 1, 1), IntTensor.of(0, 1, 0));
    new HeatMap("confusion", matrix).save(folder.resolve("matrix.svg"));
    List<Boolean> written = new ArrayList<>();
    for (String name : List.of("loss.png", "grid.png", "matrix.svg")) {
        written.add(Files.size(folder.resolve(name)) > 500);
        Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
    IO.println(written); // prints [true, true, true]
}
