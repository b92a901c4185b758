package autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Elementwise;
import autograd.GradientTape;
import autograd.Tensor;
import autograd.Variable;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The life of one backward(), as docs/architecture.md tells it, seen from inside an operation. */
class LifeOfBackwardTest {
    private static final Pattern NAME = Pattern.compile("\\[`(\\w+\\.\\w+)`]");

    /** The methods that the numbered steps name, in their order. */
    private final List<String> told = Snippet.lines(Snippet.ROOT.resolve("docs/architecture.md")).stream()
            .dropWhile(line -> !line.startsWith("1. ")).flatMap(line -> NAME.matcher(line).results())
            .map(name -> name.group(1)).distinct().toList();

    private final List<String> forward = new ArrayList<>(), backward = new ArrayList<>();

    /** An identity that notes who called it. */
    private final class Probe implements Elementwise.Map1 {
        @Override
        public double f(double x) {
            note(forward);
            return x;
        }

        @Override
        public Tensor vjp(Tensor g, Tensor x, Tensor y) {
            note(backward);
            return g;
        }
    }

    /**
     * The methods told of that are on the stack, the outermost first; a fast form counts as what it stands for.
     */
    private void note(List<String> seen) {
        List<String> stack = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.flatMap(LifeOfBackwardTest::names).toList());
        stack.reversed().stream().filter(told::contains).filter(name -> !seen.contains(name)).forEach(seen::add);
    }

    private static Stream<String> names(StackFrame frame) {
        return Stream.<Class<?>>iterate(frame.getDeclaringClass(), c -> c != null, Class::getSuperclass)
                .map(c -> c.getSimpleName() + "." + frame.getMethodName());
    }

    @Test
    void theStepsHappenInTheOrderTold() {
        var w = new Variable(Tensor.scalar(2));
        try (var tape = new GradientTape()) {
            w.apply(new Probe()).backward();
        }
        assertEquals(List.of("Tensor.apply", "Recording.apply"), forward.subList(0, 2));
        assertEquals(List.of("Tensor.backward", "GradientTape.play", "Playback.play", "Op.vjps"),
                backward.subList(0, 4));
        assertEquals(1, w.grad().item());
        for (List<String> seen : List.of(forward, backward))
            assertEquals(told.stream().filter(seen::contains).toList(), seen);
        assertTrue(told.indexOf("GradientTape.play") < told.indexOf("Variable.accumulate"));
    }
}
