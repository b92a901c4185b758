package autograd.array;

import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.IntToDoubleFunction;

/**
 * Prints an array as NumPy does: nested brackets, columns aligned, long axes cut to their first and last
 * three.
 */
public final class Text {
    private static final int THRESHOLD = 1000, EDGE = 3;

    private final Layout layout;
    private final IntToDoubleFunction values;
    private final boolean cut;
    private final DoubleFunction<String> format;
    private int width;

    private Text(Layout layout, IntToDoubleFunction values, boolean integers) {
        this.layout = layout;
        this.values = values;
        this.cut = layout.shape().size() > THRESHOLD;
        double[] range = {0, Double.MAX_VALUE}; // largest and smallest finite magnitude shown
        visit(0, layout.offset(), v -> {
            double a = Math.abs(v);
            if (Double.isFinite(a))
                range[0] = Math.max(range[0], a);
            if (a > 0)
                range[1] = Math.min(range[1], a);
        });
        boolean scientific = range[0] >= 1e8 || range[0] > 0 && (range[1] < 1e-4 || range[0] / range[1] > 1e6);
        this.format = integers ? v -> Long.toString((long) v) : v -> number(v, scientific);
        visit(0, layout.offset(), v -> width = Math.max(width, format.apply(v).length()));
    }

    /**
     * The text of an array.
     *
     * @param array
     *            any shape
     * @return nested brackets; four decimals, or scientific where the magnitudes ask for it
     */
    public static String of(NdArray array) { return of(array.layout(), array.storage()::get, false); }

    /**
     * The text of any laid-out elements.
     *
     * @param layout
     *            where they lie
     * @param values
     *            reads the one at a position in storage
     * @param integers
     *            whether to print them without decimals
     * @return nested brackets
     */
    public static String of(Layout layout, IntToDoubleFunction values, boolean integers) {
        StringBuilder out = new StringBuilder();
        new Text(layout, values, integers).print(out, 0, layout.offset());
        return out.toString();
    }

    private static String number(double v, boolean scientific) {
        if (!Double.isFinite(v))
            return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
        if (scientific)
            return String.format(Locale.ROOT, "%.4e", v);
        String s = String.format(Locale.ROOT, "%.4f", v);
        int end = s.length();
        while (s.charAt(end - 1) == '0')
            end--;
        return s.substring(0, s.charAt(end - 1) == '.' ? end + 1 : end);
    }

    private interface Seen {
        void value(double v);
    }

    private boolean skips(int extent, int i) { return cut && extent > 2 * EDGE && i >= EDGE && i < extent - EDGE; }

    private void visit(int axis, int at, Seen seen) {
        if (axis == layout.shape().rank()) {
            seen.value(values.applyAsDouble(at));
            return;
        }
        int extent = layout.shape().dim(axis);
        for (int i = 0; i < extent; i++)
            if (!skips(extent, i))
                visit(axis + 1, at + i * layout.stride(axis), seen);
    }

    private void print(StringBuilder out, int axis, int at) {
        int rank = layout.shape().rank();
        if (axis == rank) {
            String s = format.apply(values.applyAsDouble(at));
            out.repeat(' ', rank == 0 ? 0 : width - s.length()).append(s);
            return;
        }
        String between = axis == rank - 1 ? ", " : "," + "\n".repeat(rank - 1 - axis) + " ".repeat(axis + 1);
        int extent = layout.shape().dim(axis);
        out.append('[');
        for (int i = 0; i < extent; i++) {
            if (skips(extent, i)) {
                if (i == EDGE)
                    out.append(between).append("...");
                continue;
            }
            if (i > 0)
                out.append(between);
            print(out, axis + 1, at + i * layout.stride(axis));
        }
        out.append(']');
    }
}
