void main() throws IOException {
    Path file = Files.createTempFile("flowers", ".csv");
    Files.writeString(file, "length,width,kind\n1.5,0.5,rose\n4.5,1.5,tulip\n5.0,2.0,tulip\n1.0,0.0,rose\n");
    Csv csv = Csv.read(file, "kind");
    Files.delete(file);
    IO.println(csv.columns()); // prints [length, width, kind]
    IO.println(csv.categories()); // prints {kind=[rose, tulip]}
    IO.println(csv.labels("kind")); // prints [0, 1, 1, 0] [4] int
    Tensor x = csv.without("kind");
    IO.println(x.shape()); // prints [4, 2]
    var scaler = StandardScaler.fit(x);
    Tensor z = scaler.transform(x);
    IO.println(z.mean(0).abs().max().item() < 1e-6); // prints true
    IO.println("%.2f".formatted(z.square().mean().item())); // prints 1.00
    IO.println(scaler.inverse(z).sub(x).abs().max().item() < 1e-5); // prints true
}
