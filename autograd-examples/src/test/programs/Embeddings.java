void main() {
    var words = List.of("a", "good", "bad", "film", "book");
    int[][] texts = {{0, 1, 3}, {0, 2, 3}, {0, 1, 4}, {0, 2, 4}};
    IntTensor x = IntTensor.of(Arrays.stream(texts).flatMapToInt(Arrays::stream).toArray(), 4, 3);
    Tensor y = Tensor.of(1, 0, 1, 0);
    var rng = new Rng(7);
    var embedding = Embedding.of(rng, words.size(), 4);
    var out = Dense.of(rng, 4, 1);
    List<Variable> variables = new ArrayList<>(embedding.variables());
    variables.addAll(out.variables());
    Supplier<Tensor> logits = () -> out.forward(embedding.forward(x).mean(1)).squeeze(1);
    var optimizer = new Adam(0.05);
    for (int step = 0; step < 150; step++)
        optimizer.minimize(variables, () -> Losses.binaryCrossEntropyWithLogits(logits.get(), y));
    IO.println(logits.get().sigmoid().round()); // prints [1.0, 0.0, 1.0, 0.0] [4] f32
}
