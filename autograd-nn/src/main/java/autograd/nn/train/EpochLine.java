package autograd.nn.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A line on standard error for each epoch, such as
 * {@code Epoch 2/5, 313 steps, 1.9 s, rate 0.001: loss 0.2310}.
 */
final class EpochLine {
    private final int epochs;
    private long since = System.nanoTime(), steps;

    /** From now on, after so many steps, for training up to so many epochs. */
    EpochLine(int epochs, long steps) {
        this.epochs = epochs;
        this.steps = steps;
    }

    void print(Epoch epoch) {
        long now = System.nanoTime();
        System.err.println(of(epoch, epochs, epoch.steps() - steps, (now - since) / 1e9));
        since = now;
        steps = epoch.steps();
    }

    static String of(Epoch epoch, int epochs, long steps, double seconds) {
        return String.format(Locale.ROOT, "Epoch %d/%d, %d steps, %.1f s, rate %s: ", epoch.number(), epochs, steps,
                seconds, rate(epoch.learningRate()))
                + epoch.values().entrySet().stream()
                        .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.4f", e.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** Three digits, without zeros at the end. */
    private static String rate(double rate) {
        return Double.isFinite(rate)
                ? new BigDecimal(rate).round(new MathContext(3)).stripTrailingZeros().toString()
                : String.valueOf(rate);
    }
}
