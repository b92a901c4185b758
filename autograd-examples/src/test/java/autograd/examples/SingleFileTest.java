package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Layer;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example compiles and runs as a single file, with only the jars. */
class SingleFileTest {
    private static final Path SOURCES = Snippet.ROOT.resolve("autograd-examples/src/main/java/autograd/examples");

    /** The first program stores the classes it loaded, most of them javac's; the others read them from there. */
    @TempDir
    private static Path archive;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"SingleNeuron", "Activations", "TwoLayerNetwork", "GradientCheck", "Xor --epochs 10",
            "MnistFromScratch --epochs 1 --data digits", "IdxToCsv --data digits table.csv",
            "KaggleDigits --data table --iterations 10", "XorByHand", "Mnist --epochs 1 --data digits",
            "Optimizers --epochs 1 --data digits", "Moons --steps 1", "Cnn --epochs 1 --data digits",
            "CharRnn --steps 1", "TinyTransformer --steps 1", "Gpt2 --steps 1 --tokens 5", "HigherOrder --steps 1",
            "Regression --steps 1 --seeds 2",
            "Autoencoder --epochs 1 --data digits", "TenLines digits"})
    void runsAlone(String example) throws Exception {
        String[] words = example.split(" ");
        digits(folder.resolve("digits"), "train", 60);
        digits(folder.resolve("digits"), "t10k", 20);
        String columns = IntStream.range(0, 784).mapToObj(i -> ",pixel" + i).collect(Collectors.joining());
        Files.writeString(folder.resolve("table"), "label" + columns + ("\n1" + ",7".repeat(784)).repeat(1010));
        List<String> command = new ArrayList<>(
                List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive.resolve("classes.jsa"),
                        "-Xlog:disable", "-p", jars(), "--add-modules", "ALL-MODULE-PATH",
                        copy(words[0]).toString()));
        command.addAll(List.of(words).subList(1, words.length));
        command.replaceAll(word -> word.matches("digits|table|table.csv") ? folder.resolve(word).toString() : word);
        Run run = Run.java(folder, command.toArray(String[]::new));
        assertEquals(0, run.exit(), () -> String.join("\n", run.err()));
        assertFalse(run.out().isEmpty() && Files.notExists(folder.resolve("table.csv")));
    }

    /** Only {@code Main} uses the examples; they do not use each other. */
    @Test
    void noExampleNeedsAnother() throws Exception {
        List<String> names;
        try (Stream<Path> files = Files.list(SOURCES)) {
            names = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info")).toList();
        }
        for (String name : names)
            for (String other : names)
                if (!name.equals("Main") && !name.equals(other))
                    assertFalse(Files.readString(SOURCES.resolve(name + ".java")).replaceAll("(?s)/\\*\\*.*?\\*/", "")
                            .matches("(?s).*\\bnew " + other + "\\(.*"), () -> name + " needs " + other);
    }

    private Path copy(String example) throws Exception {
        Path to = folder.resolve("autograd/examples").resolve(example + ".java");
        Files.createDirectories(to.getParent());
        return Files.copy(SOURCES.resolve(example + ".java"), to);
    }

    /** Images of noise in the two files of a part of MNIST. */
    private static void digits(Path folder, String part, int count) throws Exception {
        byte[] pixels = new byte[784 * count], labels = new byte[count];
        new Rng(0).nextBytes(pixels);
        for (int i = 0; i < count; i++)
            labels[i] = (byte) (i % 10);
        Files.createDirectories(folder);
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), idx(pixels, count, 28, 28));
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), idx(labels, count));
    }

    private static byte[] idx(byte[] data, int... dims) {
        var bytes = ByteBuffer.allocate(4 + 4 * dims.length + data.length).putInt(0x800 + dims.length);
        for (int dim : dims)
            bytes.putInt(dim);
        return bytes.put(data).array();
    }

    /** The module path of a project that depends on autograd-nn and its optional libraries. */
    private static String jars() {
        Stream<String> own = Stream.of(Tensor.class, Layer.class).map(Snippet::location).map(Path::toString);
        Stream<String> libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry
                        .matches(".*(fastcsv|jackson-core|picocli|progressbar|jline|xchart|VectorGr|jspecify).*jar"));
        return Stream.concat(own, libraries).collect(Collectors.joining(File.pathSeparator));
    }
}
