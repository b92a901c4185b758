package autograd.nn.train;

import autograd.nn.plot.Chart;
import autograd.nn.plot.Panels;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How training went.
 *
 * @param epochs
 *            the epochs, first to last
 */
public record History(List<Epoch> epochs) implements Iterable<Epoch> {
    private static final List<String> LOSSES = List.of("loss", "validation");

    /** Keeps a copy of the list. */
    public History {
        epochs = List.copyOf(epochs);
    }

    /** How many epochs there are. */
    public int size() { return epochs.size(); }

    /** The last epoch. */
    public Epoch last() { return epochs.getLast(); }

    /** The values of one name, such as {@code "loss"} or {@code "accuracy"}, of all epochs. */
    public double[] values(String name) {
        return epochs.stream().mapToDouble(e -> e.value(name)).toArray();
    }

    /** The names of the values that all epochs have. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Epoch epoch : epochs)
            if (!names.isEmpty())
                names.retainAll(epoch.values().keySet());
            else
                names.addAll(epoch.values().keySet());
        return names;
    }

    /** The losses over the epochs, and beside them the metrics, if there are any. */
    public Panels plot() {
        Chart losses = new Chart("Loss", "epoch", "loss"), metrics = new Chart("Metrics", "epoch", "");
        double[] numbers = epochs.stream().mapToDouble(Epoch::number).toArray();
        for (String name : names())
            (LOSSES.contains(name) ? losses : metrics).line(name, numbers, values(name));
        return LOSSES.containsAll(names()) ? new Panels(losses) : new Panels(losses, metrics);
    }

    /** Saves {@link #plot()}, for example as {@code training.png}. */
    public void plot(Path file) { plot().save(file); }

    @Override
    public Iterator<Epoch> iterator() { return epochs.iterator(); }

    /** The epochs as a stream. */
    public Stream<Epoch> stream() { return epochs.stream(); }
}
