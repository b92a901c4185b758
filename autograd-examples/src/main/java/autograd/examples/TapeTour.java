package autograd.examples;

import module autograd.nn;

import autograd.viz.Dot;
import autograd.viz.Listing;
import autograd.viz.Svg;
import autograd.viz.TapePage;

import picocli.CommandLine;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The expression in micrograd's README, with its tape as a web page, a picture and a list. */
class TapeTour {
    @Option(names = "--out", description = "folder to write to (${DEFAULT-VALUE})")
    private Path out = Path.of("out");

    void main(String[] args) throws IOException {
        new CommandLine(this).parseArgs(args);
        var a = new Variable("a", Tensor.scalar(DType.F64, -4));
        var b = new Variable("b", Tensor.scalar(DType.F64, 2));
        try (var tape = new GradientTape(new SourceLines())) {
            Tensor c = a.add(b);
            Tensor d = a.mul(b).add(b.pow(3));
            c = c.add(c.add(1));
            c = c.add(c.add(1).sub(a));
            d = d.add(d.mul(2).add(b.add(a).relu()));
            d = d.add(d.mul(3).add(b.sub(a).relu()));
            Tensor f = c.sub(d).square();
            Tensor g = f.div(2).add(f.reciprocal().mul(10));

            System.out.println(Listing.of(tape, g));
            Files.createDirectories(out);
            Files.writeString(out.resolve("tape.dot"), Dot.of(tape, g));
            Files.writeString(out.resolve("tape.svg"), Svg.of(tape, g));
            TapePage.write(out.resolve("tape.html"), tape, g);
            System.out.println("Open " + out.resolve("tape.html") + " in a browser.");
        }
    }
}
