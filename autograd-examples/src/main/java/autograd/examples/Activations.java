package autograd.examples;

import module autograd.nn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Activation functions and their derivatives, as a table and two pictures, as in part 1 of the coding guide.
 * The guide derives each function by hand; here the tape does, in 27 lines of code.
 */
class Activations {
    void main() {
        Map<String, UnaryOperator<Tensor>> functions = new LinkedHashMap<>();
        functions.put("sigmoid", Tensor::sigmoid);
        functions.put("relu", Tensor::relu);
        functions.put("tanh", Tensor::tanh);
        // Softmax takes several numbers: this is the first of softmax(x, 0, 0).
        functions.put("softmax", x -> Tensor.stack(1, x, Tensor.zerosLike(x), Tensor.zerosLike(x)).softmax(1)
                .slice(1, 0, 1).squeeze(1));

        Tensor x = Tensor.arange(DType.F32, -40, 41, 1).div(8); // -5 .. 5
        double[] at = x.toDoubleArray();
        var values = new Chart("Activations", "x", "f(x)");
        var slopes = new Chart("Derivatives of activations, from the tape", "x", "f'(x)");
        functions.forEach((name, f) -> {
            try (var tape = new GradientTape()) {
                Tensor input = tape.watch(x), y = f.apply(input);
                double[] value = y.toDoubleArray(), slope = tape.gradient(y.sum(), input).toDoubleArray();
                values.line(name, at, value);
                slopes.line(name + "'", at, slope);
                System.out.printf(Locale.ROOT, "%n%6s %9s %9s%n", "x", name, name + "'");
                for (int i = 24; i <= 56; i += 8)
                    System.out.printf(Locale.ROOT, "%6.1f %9.4f %9.4f%n", at[i], value[i], slope[i]);
            }
        });
        values.save(Path.of("out/activations.png"));
        slopes.save(Path.of("out/activation_derivatives.png"));
    }
}
