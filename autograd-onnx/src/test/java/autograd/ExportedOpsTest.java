package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.array.DType;
import autograd.nn.Trainable;
import autograd.onnx.Onnx;
import autograd.onnx.OnnxRuntime;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Every operation of the catalogue, in ONNX Runtime and here. */
class ExportedOpsTest {
    /** Systems of equations, rules of gradients, and erfc, whose small values 1 - erf would lose. */
    private static final Set<Class<? extends Op>> REFUSED = Set.of(LinearAlgebra.Solve.class,
            LinearAlgebra.PackedSlogdet.class, LinearAlgebra.Cholesky.class, LinearAlgebra.ZmatMul.class,
            Windows.Conv2dKernel.class, Functions.Erfc.class);

    private record None() implements Trainable {}

    @Provide
    Arbitrary<OpCase> exported() {
        return OpCases.of(OpCases.all().stream().filter(op -> !REFUSED.contains(op)).toList())
                .filter(c -> !isOfGradient(c.op()) && c.inputs().stream().allMatch(x -> x.size() > 0)
                        && c.value().size() > 0);
    }

    @Provide
    Arbitrary<OpCase> refused() {
        return OpCases.of(List.copyOf(REFUSED)).filter(c -> c.inputs().stream().allMatch(x -> x.size() > 0));
    }

    private static boolean isOfGradient(Op op) {
        return op instanceof Windows.Conv2d c && c.zeroAbsorbing() >= 0
                || op instanceof Windows.ConvTranspose2d t && t.zeroAbsorbing() >= 0;
    }

    private static void write(Path file, OpCase c) {
        Onnx.write(file, new None(), in -> c.function().apply(in.all().toArray(Tensor[]::new)),
                new Onnx.Inputs(c.inputs()), Onnx.Options.DEFAULT.fixedBatch());
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void theRuntimeComputesTheSame(@ForAll("exported") OpCase doubles) {
        OpCase c = new OpCase(doubles.op() instanceof Elementwise.To ? new Elementwise.To(DType.F64) : doubles.op(),
                doubles.inputs().stream().map(x -> x.to(DType.F32)).toList());
        temporary(file -> {
            write(file, c);
            try (var runtime = new OnnxRuntime(file)) {
                double error = OnnxRuntime.error(c.value(), runtime.run(c.inputs().toArray()));
                assertTrue(error < 1e-5, () -> "error " + error);
            }
        });
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void whatOnnxCannotSayIsAnErrorBeforeAFile(@ForAll("refused") OpCase c) {
        temporary(file -> {
            String error = assertThrows(IllegalArgumentException.class, () -> write(file, c)).getMessage();
            assertTrue(error.contains(c.op().name() + " at ") && error.contains("cannot"), error);
            assertEquals(false, Files.exists(file));
        });
    }

    /** {@code -Dwrite.ops=true} writes the section. */
    @Example
    void thePageSaysWhichAreWritten() throws IOException {
        Path file = Path.of("").toAbsolutePath();
        while (Files.notExists(file.resolve("docs/ops.md")))
            file = file.getParent();
        file = file.resolve("docs/ops.md");
        String page = Files.readString(file),
                section = """

                        ## ONNX

                        `autograd-onnx` writes the operations that a model records, which are the records of the families; what is composed is
                        written as its parts. A test of autograd-onnx keeps this section.

                        - Written: %s.
                        - Not written, because ONNX lacks it, or it is of a gradient: %s.
                        """
                        .formatted(names(c -> !REFUSED.contains(c)), names(REFUSED::contains));
        String wanted = page.substring(0, page.indexOf("\n## ONNX\n")) + section;
        if (Boolean.getBoolean("write.ops"))
            Files.writeString(file, wanted);
        assertEquals(wanted, Files.readString(file));
    }

    private static String names(Predicate<Class<? extends Op>> wanted) {
        return OpCases.all().stream().filter(wanted).map(Class::getSimpleName)
                .map(name -> "`" + Character.toLowerCase(name.charAt(0)) + name.substring(1) + "`").distinct().sorted()
                .collect(Collectors.joining(", "));
    }

    private interface Body {
        void run(Path file);
    }

    private static void temporary(Body body) {
        try {
            Path folder = Files.createTempDirectory("onnx"), file = folder.resolve("op.onnx");
            try {
                body.run(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
