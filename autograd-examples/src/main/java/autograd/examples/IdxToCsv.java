package autograd.examples;

import module autograd.nn;

import autograd.nn.data.Mnist; // not the example

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes digits in Kaggle's format, a table label,pixel0,..,pixel783 of numbers 0..255, which KaggleDigits
 * reads.
 */
class IdxToCsv {
    @Option(names = "--data", description = "folder of MNIST's four IDX files; else 10,000 embedded digits")
    private @Nullable Path data;

    @Option(names = "--rows", description = "maximal number of digits (${DEFAULT-VALUE})")
    private int rows = 42_000;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the table (${DEFAULT-VALUE})")
    private Path file = Path.of("out/digits.csv");

    void main(String[] args) throws IOException {
        new CommandLine(this).parseArgs(args);
        Mnist mnist = data == null ? Mnist.embedded() : Mnist.load(data);
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var out = Files.newBufferedWriter(file)) {
            out.write("label," + IntStream.range(0, 784).mapToObj(i -> "pixel" + i).collect(Collectors.joining(",")));
            Dataset<Tensor, IntTensor> digits = mnist.train().slice(0, Math.min(rows, mnist.train().size()));
            for (Batch<Tensor, IntTensor> one : digits.batches(1)) {
                out.write("\n" + one.y().get(0));
                for (float pixel : one.x().toFloatArray())
                    out.write("," + Math.round(255 * pixel));
            }
            out.write("\n");
        }
    }
}
