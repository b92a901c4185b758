package autograd.plain;

import static autograd.plain.PlainDefinitionsTest.each;
import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.GradientTape;
import autograd.Node;
import autograd.Recorder;
import autograd.Tensor;
import autograd.array.DType;
import autograd.kernels.Form;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A method records only nodes that its results need.
 */
class LinesTest {
    private static final class Lines implements Recorder {
        private final Map<Tensor, Node> byOutput = new IdentityHashMap<>();

        @Override
        public void recorded(Node node) { byOutput.put(node.output(), node); }
    }

    @TestFactory
    Stream<DynamicTest> noLineIsDead() {
        return each(call -> {
            Lines lines = new Lines();
            try (var tape = new GradientTape(lines)) {
                List<Object> results = new ArrayList<>(call.watched(DType.F64, Form.CONTIGUOUS, tape::watch));
                Set<Node> needed = Collections.newSetFromMap(new IdentityHashMap<>());
                for (int i = 0; i < results.size(); i++)
                    if (results.get(i) instanceof Tensor t && lines.byOutput.containsKey(t)
                            && needed.add(lines.byOutput.get(t)))
                        results.addAll(lines.byOutput.get(t).isLeaf() ? List.of() : lines.byOutput.get(t).inputs());
                List<String> dead = lines.byOutput.values().stream().filter(n -> !n.isLeaf() && !needed.contains(n))
                        .map(Node::toString).sorted().toList();
                assertEquals(List.of(), dead, call::toString);
            }
        });
    }
}
