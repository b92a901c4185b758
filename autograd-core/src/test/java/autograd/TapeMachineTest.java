package autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.TapeModel.Form;
import autograd.TapeModel.Level;
import autograd.TapeModel.Line;
import autograd.array.DType;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.util.ArrayList;
import java.util.List;

/**
 * Random programs of tapes that are opened, closed in any order, left open, watched with and asked, of pauses
 * and checkpoints within one another, and of exceptions, against {@link TapeModel}.
 */
class TapeMachineTest {
    /** What a step does; a pause or a checkpoint goes on until its END, or to the end of what it is in. */
    private enum Kind {
        ADD, MUL, SIN, NEG, WATCH, OPEN, CLOSE, ASK, PAUSE, CHECKPOINT, END, THROW
    }

    /** Its operands are counted from the latest back, modulo their number. */
    private record Step(Kind kind, int a, int b) {}

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A tensor and its line in the model; null when a checkpoint computes a second time. */
    private record Value(Tensor tensor, Line line) {}

    private static final class Opened {
        final GradientTape tape;
        final TapeModel.Tape model;
        final boolean persistent;
        boolean played, closed;

        Opened(GradientTape tape, TapeModel.Tape model, boolean persistent) {
            this.tape = persistent ? tape.persistent() : tape;
            this.model = model;
            this.persistent = persistent;
        }
    }

    private static final class Program {
        private final TapeModel model = new TapeModel();
        private final boolean hasCheckpoints;
        private final List<Value> start = new ArrayList<>();

        Program(List<Step> steps) {
            hasCheckpoints = steps.stream().anyMatch(s -> s.kind == Kind.CHECKPOINT);
            for (double v : new double[]{0.5, -1.25})
                start.add(new Value(new Variable(Tensor.scalar(DType.F64, v)), model.variable(v)));
            start.add(new Value(Tensor.scalar(DType.F64, 0.75), model.constant(0.75)));
        }

        void run(List<Step> steps) {
            var scope = new Scope(new ArrayList<>(start), new ArrayList<>(), true);
            try {
                scope.run(steps, 0);
            } catch (Stop _) {
                // and what it left open is closed now
            } finally {
                scope.open.stream().filter(t -> !t.closed).findFirst().ifPresent(t -> t.tape.close());
            }
            scope.values.forEach(this::check);
            assertThrows(IllegalStateException.class, () -> start.getFirst().tensor.sum().backward());
        }

        private void check(Value v) {
            if (v.line != null)
                assertEquals(v.line.value, v.tensor.item(), 1e-9 * model.largest());
        }

        /**
         * What statements see; a checkpoint has a scope of its own, and computes without the model the second time.
         */
        private final class Scope {
            final List<Value> values;
            final List<Opened> open;
            final boolean first;

            Scope(List<Value> values, List<Opened> open, boolean first) {
                this.values = values;
                this.open = open;
                this.first = first;
            }

            /** Tapes before the floor were opened before the pause that runs. */
            void run(List<Step> steps, int floor) {
                for (int i = 0; i < steps.size(); i++) {
                    Step s = steps.get(i);
                    switch (s.kind) {
                        case ADD, MUL, SIN, NEG -> compute(s.kind, value(s.a), value(s.b));
                        case OPEN -> open(s.a % 2 == 0, s.b % 2 == 0 ? Recorder.NONE : new Recorder() {
                        });
                        case THROW -> throw new Stop();
                        case PAUSE, CHECKPOINT -> {
                            int end = end(steps, i);
                            List<Step> body = steps.subList(i + 1, end);
                            if (s.kind == Kind.PAUSE)
                                pause(body);
                            else
                                checkpoint(body, value(s.a), value(s.b), floor);
                            i = end;
                        }
                        case END -> {
                        }
                        default -> {
                            if (!open.isEmpty())
                                tape(s, floor);
                        }
                    }
                    check(values.getLast());
                }
            }

            private Value value(int back) { return values.get(values.size() - 1 - back % values.size()); }

            private static int end(List<Step> steps, int begin) {
                int depth = 0;
                for (int i = begin; i < steps.size(); i++) {
                    Kind kind = steps.get(i).kind;
                    depth += kind == Kind.PAUSE || kind == Kind.CHECKPOINT ? 1 : kind == Kind.END ? -1 : 0;
                    if (depth == 0)
                        return i;
                }
                return steps.size();
            }

            private void add(Tensor y, Line line) { values.add(new Value(y, line)); }

            private void compute(Kind kind, Value a, Value b) {
                if (kind == Kind.SIN && Math.abs(a.tensor.item()) > 100)
                    kind = Kind.NEG; // a sine would make roundings large
                Tensor y = switch (kind) {
                    case ADD -> a.tensor.add(b.tensor);
                    case MUL -> a.tensor.mul(b.tensor);
                    case SIN -> a.tensor.sin();
                    default -> a.tensor.neg();
                };
                boolean both = kind == Kind.ADD || kind == Kind.MUL;
                add(y, !first
                        ? null
                        : both
                                ? model.apply(Form.valueOf(kind.name()), a.line, b.line)
                                : model.apply(Form.valueOf(kind.name()), a.line));
            }

            private void open(boolean persistent, Recorder recorder) {
                open.add(new Opened(new GradientTape(recorder), first ? model.open() : null, persistent));
            }

            private void tape(Step s, int floor) {
                int index = s.a % open.size();
                Opened t = open.get(index);
                switch (s.kind) {
                    case CLOSE -> close(index, floor);
                    case WATCH -> {
                        Value x = value(s.b);
                        if (t.closed)
                            assertThrows(IllegalStateException.class, () -> t.tape.watch(x.tensor));
                        else
                            add(t.tape.watch(x.tensor), first ? model.watch(x.line) : null);
                    }
                    default -> ask(t, value(s.b), List.of(start.get(0), start.get(1), value(s.a + s.b + 1),
                            value(s.a + 2 * s.b), value(s.b)));
                }
            }

            private void close(int index, int floor) {
                Opened t = open.get(index);
                if (!t.closed && index < floor) {
                    assertThrows(IllegalStateException.class, t.tape::close);
                    return;
                }
                t.tape.close();
                if (!t.closed && first)
                    model.leave(t.model);
                if (!t.closed)
                    closed(index);
            }

            private void closed(int from) { open.subList(from, open.size()).forEach(t -> t.closed = true); }

            private void ask(Opened t, Value y, List<Value> xs) {
                List<Tensor> tensors = xs.stream().map(Value::tensor).toList();
                if (t.closed || t.played && !t.persistent) {
                    assertThrows(IllegalStateException.class, () -> t.tape.gradient(y.tensor, tensors));
                    return;
                }
                Gradients found = t.tape.gradient(y.tensor, tensors);
                t.played = true;
                for (Value x : xs) {
                    Line slope = first ? model.slope(t.model, y.line, x.line) : null;
                    Value g = new Value(found.of(x.tensor, Unconnected.ZERO),
                            slope == null && first ? model.constant(0) : slope);
                    if (first && (x.line.isTracked() || !hasCheckpoints)) // which track what they use in vain, too
                        check(g);
                    if (first && !hasCheckpoints)
                        assertEquals(slope != null, found.has(x.tensor));
                    if (x == xs.getFirst())
                        add(g.tensor, g.line);
                }
                if (first && !t.persistent && t.model.isAlone())
                    model.release(t.model, y.line);
            }

            private void pause(List<Step> body) {
                Level level = first ? model.enter(false) : null;
                int before = open.size();
                try {
                    GradientTape.paused(() -> {
                        run(body, before);
                        return null;
                    });
                } catch (Stop _) {
                    // goes on after the pause
                } finally {
                    closed(before);
                    if (first)
                        model.leave(level);
                }
            }

            private void checkpoint(List<Step> body, Value a, Value b, int floor) {
                List<Step> own = body.stream().filter(s -> s.kind != Kind.WATCH).toList();
                if (first && !model.isRecording()) { // then it is the function itself
                    run(own, floor);
                    return;
                }
                Level level = first ? model.enter(true) : null;
                Value[] result = {null};
                List<Value> visible = List.copyOf(values);
                try {
                    Tensor y = Functional.checkpoint(in -> {
                        boolean again = !first || result[0] != null;
                        List<Value> seen = new ArrayList<>(visible);
                        seen.add(new Value(in[0], again ? null : model.apply(Form.SAME, a.line)));
                        seen.add(new Value(in[1], again ? null : model.apply(Form.SAME, b.line)));
                        var scope = new Scope(seen, new ArrayList<>(), !again);
                        scope.run(own, 0);
                        if (result[0] == null)
                            result[0] = seen.getLast();
                        return seen.getLast().tensor;
                    }).of(a.tensor, b.tensor);
                    if (first)
                        model.leave(level);
                    level = null;
                    add(y, first ? model.apply(Form.SAME, result[0].line) : null);
                } catch (Stop _) {
                    // as if there had been no checkpoint
                } finally {
                    if (level != null)
                        model.leave(level);
                }
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(4, Kind.MUL), Tuple.of(3, Kind.SIN),
                Tuple.of(2, Kind.ADD), Tuple.of(1, Kind.NEG), Tuple.of(2, Kind.WATCH), Tuple.of(4, Kind.OPEN),
                Tuple.of(2, Kind.CLOSE), Tuple.of(6, Kind.ASK), Tuple.of(2, Kind.PAUSE), Tuple.of(2, Kind.CHECKPOINT),
                Tuple.of(4, Kind.END), Tuple.of(1, Kind.THROW));
        Arbitrary<Integer> any = Arbitraries.integers().between(0, 8);
        return Combinators.combine(kinds, any, any).as(Step::new).list().ofMaxSize(25);
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void areTheirModel(@ForAll("programs") List<Step> steps) { new Program(steps).run(steps); }
}
