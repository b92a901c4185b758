void main() throws IOException {
    Path folder = Files.createTempDirectory("models");
    var model = Mlp.of(new Rng(1), 4, 5, 3);
    Tensor x = Tensor.rand(new Rng(2), 7, 4);
    boolean same = true;
    for (String name : List.of("model.npz", "model.safetensors")) {
        Path file = folder.resolve(name);
        Weights.save(file, model);
        var other = Mlp.of(new Rng(9), 4, 5, 3);
        Weights.load(file, other);
        same &= Arrays.equals(model.forward(x).toFloatArray(), other.forward(x).toFloatArray());
        Files.delete(file);
    }
    IO.println(same); // prints true
    Files.delete(folder);
}
