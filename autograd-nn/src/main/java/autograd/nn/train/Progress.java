package autograd.nn.train;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * A progress bar around a loop: {@code for (var batch : Progress.of("Epoch 1", batches))}. On a terminal, if
 * the library {@code me.tongfei:progressbar} is present, standard error shows a bar with the remaining time,
 * the rate, and the numbers of {@link #show}; otherwise the loop runs silently.
 *
 * @param <T>
 *            the items of the loop
 */
public final class Progress<T> implements Iterable<T> {
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private final String label;
    private final Iterable<T> items;
    private final boolean terminal;
    private final Map<String, Double> shown = new LinkedHashMap<>();
    private @Nullable Bar<T> bar;

    private Progress(String label, Iterable<T> items, boolean terminal) {
        this.label = label;
        this.items = items;
        this.terminal = terminal;
    }

    /** The same items, with a labelled bar during the loop. */
    public static <T> Progress<T> of(String label, Iterable<T> items) {
        var console = System.console();
        return of(label, items, console != null && console.isTerminal());
    }

    static <T> Progress<T> of(String label, Iterable<T> items, boolean terminal) {
        return new Progress<>(label, items, terminal);
    }

    /**
     * Shows a number beside the bar from now on, such as the loss.
     *
     * @param name
     *            its name; replaces an earlier number of this name
     * @param value
     *            the number
     */
    public void show(String name, double value) {
        shown.put(name, value);
        if (bar != null)
            bar.show(toString());
    }

    /** The numbers to show, for example {@code loss 0.3512, accuracy 0.9010}. */
    @Override
    public String toString() {
        return shown.entrySet().stream()
                .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.4f", e.getValue()))
                .collect(Collectors.joining(", "));
    }

    @Override
    public Iterator<T> iterator() {
        if (terminal)
            try {
                return bar = new Bar<>(label, items);
            } catch (NoClassDefFoundError e) {
                if (TOLD.compareAndSet(false, true))
                    System.getLogger(Progress.class.getName()).log(System.Logger.Level.INFO,
                            "no progress bar is shown: add the library me.tongfei:progressbar to see one");
            }
        return items.iterator();
    }

    /** A separate class, because the library may be absent. */
    private static final class Bar<T> implements Iterator<T> {
        private static final int WIDTH = 100;

        private final Iterator<T> items;
        private final ProgressBar bar;
        private boolean stepping;

        Bar(String label, Iterable<T> all) {
            items = all.iterator();
            // Given a console and a width, the library does not ask JLine, which would load native code.
            bar = new ProgressBarBuilder().setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                    .setTaskName(label).setInitialMax(all.spliterator().getExactSizeIfKnown())
                    .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(100).showSpeed().build();
        }

        @Override
        public boolean hasNext() {
            if (stepping)
                bar.step(); // the last item is done only now
            stepping = false;
            boolean more = items.hasNext();
            if (!more)
                bar.close();
            return more;
        }

        @Override
        public T next() {
            T item = items.next();
            stepping = true;
            return item;
        }

        void show(String text) { bar.setExtraMessage(" " + text); }
    }
}
