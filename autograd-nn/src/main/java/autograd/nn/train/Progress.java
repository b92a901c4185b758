package autograd.nn.train;

import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar around a loop: {@code for (var batch : Progress.of("Epoch 1", batches))}. */
public final class Progress {
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private Progress() {}

    /**
     * The same items, with a labelled bar on standard error while a loop walks them, if that is a terminal and
     * the library {@code me.tongfei:progressbar} is there.
     */
    public static <T> Iterable<T> of(String label, Iterable<T> items) {
        var console = System.console();
        return of(label, items, console != null && console.isTerminal());
    }

    static <T> Iterable<T> of(String label, Iterable<T> items, boolean terminal) {
        if (!terminal) { return items; }
        try {
            return Bar.around(label, items);
        } catch (NoClassDefFoundError e) {
            if (TOLD.compareAndSet(false, true)) {
                System.getLogger(Progress.class.getName()).log(System.Logger.Level.INFO,
                        "no progress bar is shown: add the library me.tongfei:progressbar to see one");
            }
            return items;
        }
    }

    /** Apart, because the library may be absent. */
    private static final class Bar {
        private static final int WIDTH = 79;

        static <T> Iterable<T> around(String label, Iterable<T> items) {
            // Given a console and a width, the library does not ask JLine, which would load native code.
            var bar = new ProgressBarBuilder().setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
            bar.setTaskName(label).setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(100);
            return ProgressBar.wrap(items, bar);
        }
    }
}
