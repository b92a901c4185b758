package autograd;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What open tapes, pauses, and playbacks mean, for operations on single numbers: one list of lines, a stack
 * of levels, and a derivative that is a formula. Slow, and without anything for speed.
 */
final class TapeModel {
    enum Form {
        LEAF, ADD, MUL, SIN, COS, NEG, SAME
    }

    /** A number, tracked while it is on the list. A variable always is. */
    static final class Line {
        final Form form;
        final double value;
        private final List<Line> in;
        private final @Nullable Tape tape;
        private boolean listed;

        private Line(Form form, double value, @Nullable Tape tape, Line... in) {
            this.form = form;
            this.value = value;
            this.tape = tape;
            this.in = List.of(in);
        }

        boolean isTracked() { return listed; }
    }

    /** The tape that records on a level, and the one that was opened last. */
    static class Level {
        private final @Nullable Level below;
        private @Nullable Tape tape, innermost;

        private Level(@Nullable Level below, @Nullable Tape tape) {
            this.below = below;
            this.tape = tape;
            this.innermost = below == null ? null : below.innermost;
        }
    }

    static final class Tape extends Level {
        private final @Nullable Tape around;
        private final int start;

        private Tape(Level below, int start) {
            super(below, null);
            this.around = below.tape;
            this.start = start;
            super.tape = this;
            super.innermost = this;
        }

        boolean isAlone() { return around == null; }

        private boolean holds(Line line) {
            Tape t = line.tape;
            while (t != null && t != this)
                t = t.around;
            return line.form != Form.LEAF && t == this;
        }
    }

    private final List<Line> list = new ArrayList<>();
    private Level top = new Level(null, null);
    private double largest = 1;

    /** The largest number so far, without sign, or 1: numbers are compared to its precision. */
    double largest() {
        return largest;
    }

    boolean isRecording() { return top.tape != null; }

    Line constant(double value) { return new Line(Form.LEAF, value, null); }

    Line variable(double value) {
        Line line = constant(value);
        line.listed = true;
        return line;
    }

    Line apply(Form form, Line... in) {
        double a = in[0].value;
        Line y = new Line(form, switch (form) {
            case ADD -> a + in[1].value;
            case MUL -> a * in[1].value;
            case SIN -> Math.sin(a);
            case COS -> Math.cos(a);
            case NEG -> -a;
            case SAME, LEAF -> a;
        }, top.tape, in);
        largest = Math.max(largest, Math.abs(y.value));
        if (top.tape != null && Stream.of(in).anyMatch(x -> x.listed))
            add(y);
        return y;
    }

    Line watch(Line x) { return x.listed ? x : add(new Line(Form.LEAF, x.value, top.innermost)); }

    private Line add(Line line) {
        line.listed = true;
        list.add(line);
        return line;
    }

    Tape open() {
        var tape = new Tape(top, list.size());
        top = tape;
        return tape;
    }

    /** Enters a level where a tape records that was opened before, or none. */
    Level enter(boolean records) {
        top = new Level(top, records ? top.tape : null);
        return top;
    }

    /** Closes the tapes that were opened since, which lets go of lines unless a tape around holds them. */
    void leave(Level level) {
        for (Level l = top; l != level.below; l = l.below)
            if (l instanceof Tape tape && tape.isAlone())
                while (list.size() > tape.start)
                    list.removeLast().listed = false;
        top = level.below;
    }

    /** dy/dx for a tape, recorded by the tape around it; null if y does not depend on x. */
    @Nullable
    Line slope(Tape tape, Line y, Line x) {
        Level playback = new Level(top, tape.around);
        top = playback;
        try {
            return slope(tape, y, x, new IdentityHashMap<>());
        } finally {
            top = playback.below;
        }
    }

    private @Nullable Line slope(Tape tape, Line y, Line x, Map<Line, Line> known) {
        if (y == x)
            return y.listed ? constant(1) : null;
        if (!y.listed || !tape.holds(y))
            return null;
        if (!known.containsKey(y))
            known.put(y, rule(y, y.in.stream().map(a -> slope(tape, a, x, known)).toArray(Line[]::new)));
        return known.get(y);
    }

    private @Nullable Line rule(Line y, @Nullable Line... d) {
        Line a = y.in.getFirst();
        return switch (y.form) {
            case ADD -> sum(d[0], d[1]);
            case MUL -> sum(times(d[0], y.in.get(1)), times(d[1], a));
            case SIN -> d[0] == null ? null : times(d[0], apply(Form.COS, a));
            case COS -> d[0] == null ? null : times(d[0], apply(Form.NEG, apply(Form.SIN, a)));
            case NEG -> d[0] == null ? null : apply(Form.NEG, d[0]);
            case SAME -> d[0];
            case LEAF -> throw new AssertionError("a leaf has no rule");
        };
    }

    private @Nullable Line sum(@Nullable Line a, @Nullable Line b) {
        return a == null ? b : b == null ? a : apply(Form.ADD, a, b);
    }

    private @Nullable Line times(@Nullable Line d, Line factor) {
        return d == null ? null : apply(Form.MUL, d, factor);
    }

    /** Lets go of the lines that a playback from y passed. */
    void release(Tape tape, Line y) {
        if (!y.listed || !tape.holds(y))
            return;
        y.listed = false;
        y.in.forEach(a -> release(tape, a));
    }
}
