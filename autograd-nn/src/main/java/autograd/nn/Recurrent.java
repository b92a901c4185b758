package autograd.nn;

import autograd.Mask;
import autograd.Tensor;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Recurrent layers on top of each other: sequences [n, length, in] become [n, length, width], or twice the
 * width if other cells run from the end to the beginning. Schuster and Paliwal, IEEE Transactions on Signal
 * Processing 1997.
 *
 * @param cells
 *            for each layer what runs from the beginning
 * @param reverse
 *            for each layer what runs from the end, its output stands behind the other's; or none
 * @param dropout
 *            applied between layers
 * @param <S>
 *            what cells remember between steps
 */
public record Recurrent<S extends Cell.State<S>>(List<Cell<S>> cells, List<Cell<S>> reverse, Dropout dropout)
        implements
            Layer {
    /**
     * What sequences became.
     *
     * @param y
     *            the outputs of the last layer, [n, length, width] or [n, length, 2 width], zeros at padding
     * @param last
     *            for each layer the state after the last step that is not padding
     * @param first
     *            for each layer the state of what runs from the end, after the first step
     * @param <S>
     *            the type of the state
     */
    public record Output<S>(Tensor y, List<S> last, List<S> first) {}

    /** Checks that the shapes fit. */
    public Recurrent {
        cells = List.copyOf(cells);
        reverse = List.copyOf(reverse);
        if (cells.isEmpty() || !reverse.isEmpty() && reverse.size() != cells.size())
            throw new IllegalArgumentException("Recurrent: " + cells.size() + " cells and " + reverse.size()
                    + " in reverse: there must be one, and as many or none in reverse");
        for (int i = 0; i < cells.size(); i++) {
            int in = i == 0
                    ? in(cells.get(0))
                    : width(cells.get(i - 1)) + (reverse.isEmpty()
                            ? 0
                            : width(reverse.get(i - 1)));
            if (in(cells.get(i)) != in || !reverse.isEmpty() && in(reverse.get(i)) != in)
                throw new IllegalArgumentException("Recurrent: the cells of layer " + i + " take "
                        + cells.get(i).inputWeight().shape() + ", they must take " + in);
        }
    }

    /** Layers in one direction, for example {@code of(2, 8, 32, (in, width) -> Lstm.of(rng, in, width))}. */
    public static <S extends Cell.State<S>> Recurrent<S> of(int layers, int in, int width,
            BiFunction<Integer, Integer, ? extends Cell<S>> cell) {
        return new Recurrent<>(stack(layers, in, width, width, cell), List.of(), new Dropout(0));
    }

    /** Layers in both directions. */
    public static <S extends Cell.State<S>> Recurrent<S> bidirectional(int layers, int in, int width,
            BiFunction<Integer, Integer, ? extends Cell<S>> cell) {
        int both = Shape.of("Recurrent", 2L * width).size();
        return new Recurrent<>(stack(layers, in, width, both, cell), stack(layers, in, width, both, cell),
                new Dropout(0));
    }

    private static <S extends Cell.State<S>> List<Cell<S>> stack(int layers, int in, int width, int between,
            BiFunction<Integer, Integer, ? extends Cell<S>> cell) {
        return IntStream.range(0, layers).<Cell<S>>mapToObj(i -> cell.apply(i == 0 ? in : between, width)).toList();
    }

    private static int in(Cell<?> cell) { return cell.inputWeight().shape().dim(0); }

    private static int width(Cell<?> cell) { return cell.stateWeight().shape().dim(0); }

    /** The outputs of whole sequences. */
    @Override
    public Tensor forward(Tensor x, Pass pass) { return run(x, null, pass).y; }

    /** Whole sequences from zero states; the mask [n, length] is false at padding, or null without padding. */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Output<S> run(Tensor x, @Nullable Mask kept, Pass pass) {
        int n = x.shape().rank() == 0 ? 0 : x.shape().dim(0);
        return run(x, kept, zeros(cells, n), zeros(reverse, n), pass);
    }

    private static <S extends Cell.State<S>> List<S> zeros(List<Cell<S>> cells, int n) {
        return cells.stream().map(cell -> cell.zeroState(n)).toList();
    }

    /** Whole sequences in one direction, from given states: for each layer one. */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Output<S> run(Tensor x, @Nullable Mask kept, List<S> start, Pass pass) {
        return run(x, kept, start, List.of(), pass);
    }

    /**
     * Whole sequences.
     *
     * @param x
     *            shape [n, length, in], at least one step long
     * @param kept
     *            true where there is no padding, [n, length], see {@link Masks#lengths}; null for no padding
     * @param start
     *            for each layer the state before the first step, for example {@code last} of the output before
     * @param startReverse
     *            for each layer the state that what runs from the end begins with; none in one direction
     * @param pass
     *            whether this is training or evaluation
     * @return outputs and states
     */
    @SuppressWarnings("exports") // annotations are not needed to use this module
    public Output<S> run(Tensor x, @Nullable Mask kept, List<S> start, List<S> startReverse, Pass pass) {
        Shape s = x.shape();
        if (s.rank() != 3 || s.dim(1) == 0 || s.dim(2) != in(cells.get(0))
                || kept != null && !kept.shape().equals(s.reduce(new int[]{2}, false)))
            throw new IllegalArgumentException("Recurrent: the input has shape " + s
                    + (kept == null ? "" : " and the mask " + kept.shape()) + ", they must be [n, length, "
                    + in(cells.get(0)) + "] and [n, length], at least one step long");
        if (start.size() != cells.size() || startReverse.size() != reverse.size())
            throw new IllegalArgumentException("Recurrent: " + start.size() + " start states, and "
                    + startReverse.size() + " in reverse: there must be " + cells.size() + " and " + reverse.size());
        List<S> last = new ArrayList<>(), first = new ArrayList<>();
        Tensor h = x;
        for (int i = 0; i < cells.size(); i++) {
            Tensor in = i == 0 ? h : dropout.forward(h, pass);
            var ahead = run(cells.get(i), in, start.get(i), kept);
            last.add(ahead.last());
            h = ahead.y();
            if (!reverse.isEmpty()) {
                var back = run(reverse.get(i), in.flip(1), startReverse.get(i), kept == null ? null : kept.flip(1));
                first.add(back.last());
                h = Tensor.concat(2, h, back.y().flip(1));
            }
        }
        return new Output<>(h, List.copyOf(last), List.copyOf(first));
    }

    private static <S extends Cell.State<S>> Cell.Output<S> run(Cell<S> cell, Tensor x, S start, @Nullable Mask kept) {
        return kept == null ? cell.forward(x, start) : cell.forward(x, start, kept);
    }

    /** The same cells, with dropout between layers. */
    public Recurrent<S> dropout(double p) {
        return new Recurrent<>(cells, reverse, new Dropout(p));
    }

    @Override
    public String toString() {
        return Described.of(this, in(cells.getFirst()) + " -> " + width(cells.getLast()),
                cells.getFirst().getClass().getSimpleName() + (cells.size() == 1 ? "" : " x" + cells.size()),
                reverse.isEmpty() ? "" : "bidirectional", dropout.p() == 0 ? "" : "dropout " + dropout.p());
    }
}
