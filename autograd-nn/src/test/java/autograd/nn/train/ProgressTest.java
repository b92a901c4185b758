package autograd.nn.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final List<Integer> ITEMS = List.of(1, 2, 3);

    @Test
    void showsNothingWithoutATerminal() { assertSame(ITEMS, Progress.of("Epoch 1", ITEMS, false)); }

    @Test
    void showsABarOnATerminal() {
        var shown = new ByteArrayOutputStream();
        var seen = new ArrayList<Integer>();
        PrintStream err = System.err;
        System.setErr(new PrintStream(shown));
        try {
            for (int item : Progress.of("Epoch 1", ITEMS, true)) { seen.add(item); }
        } finally {
            System.setErr(err);
        }
        assertEquals(ITEMS, seen);
        assertTrue(shown.toString().contains("Epoch 1"), shown.toString());
        assertTrue(shown.toString().contains("3/3"), shown.toString());
    }
}
