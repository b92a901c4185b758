void main() {
    Tensor x = Tensor.arange(20).reshape(10, 2);
    Dataset<Tensor, IntTensor> data = Dataset.of(x, IntTensor.of(IntStream.range(0, 10).toArray()));
    List<Integer> sizes = new ArrayList<>();
    Set<Integer> seen = new TreeSet<>();
    for (Batch<Tensor, IntTensor> batch : data.shuffle(new Rng(4)).batches(4)) {
        sizes.add(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            int label = batch.y().get(i);
            seen.add(label);
            if (batch.x().slice(0, i, i + 1).sum().item() != 4 * label + 1)
                throw new AssertionError("label " + label + " has another example");
        }
    }
    IO.println(sizes + " " + seen.size()); // prints [4, 4, 2] 10
    IO.println(data.batches(4).dropLast().size()); // prints 2
    Split<Tensor, IntTensor> split = data.split(0.8);
    IO.println(split.train().size() + " " + split.test().size()); // prints 8 2
}
