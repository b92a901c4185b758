package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final List<Integer> ITEMS = List.of(1, 2, 3);

    /** Runs a loop that shows a falling loss; returns what standard error got. */
    private static String shown(boolean terminal) {
        var shown = new ByteArrayOutputStream();
        var seen = new ArrayList<Integer>();
        PrintStream err = System.err;
        System.setErr(new PrintStream(shown));
        try {
            var progress = Progress.of("Epoch 1", ITEMS, terminal);
            for (int item : progress) {
                seen.add(item);
                progress.show("loss", 1.0 / item);
                progress.show("accuracy", 0.5);
            }
            assertEquals("loss 0.3333, accuracy 0.5000", progress.toString());
        } finally {
            System.setErr(err);
        }
        assertEquals(ITEMS, seen);
        return shown.toString();
    }

    @Test
    void showsNothingWithoutATerminal() { assertEquals("", shown(false)); }

    @Test
    void showsABarWithRateTimeAndNumbersOnATerminal() {
        String shown = shown(true);
        for (String part : List.of("Epoch 1", "3/3", "/s ", "0:00:0", "loss 0.3333, accuracy 0.5000"))
            assertTrue(shown.contains(part), () -> part + " is not in: " + shown);
    }

    @Test
    void aLoopMayBeRunAgain() {
        var progress = Progress.of("Epoch 1", ITEMS, false);
        for (int epoch = 0; epoch < 2; epoch++) {
            var seen = new ArrayList<Integer>();
            progress.forEach(seen::add);
            assertEquals(ITEMS, seen);
        }
    }
}
