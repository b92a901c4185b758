package autograd;

import autograd.array.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Einstein summation, by diagonals, sums, permutations and matrix products, so that it needs no rule of its
 * own. Axes an ellipsis stands for are named by capital letters of a private range.
 */
final class Einsum {
    private static final char ELLIPSIS = '\uE000'; // names of the axes under "...": aligned at the last
    private static final String DOTS = Pattern.quote("...");

    /** A tensor whose axes have names, each a different one. */
    private record Term(String axes, Tensor value) {
        long size() { return value.size(); }
    }

    private final String equation;
    private final Map<Character, Integer> extents = new TreeMap<>();

    private Einsum(String equation) { this.equation = equation; }

    static Tensor of(String equation, Tensor... operands) { return new Einsum(equation).compute(operands); }

    private Tensor compute(Tensor... operands) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (sides.length > 2)
            throw wrong("it has more than one ->");
        if (equation.chars().anyMatch(c -> c >= ELLIPSIS))
            throw wrong("it has a character that is not a letter");
        if (inputs.length != operands.length)
            throw wrong("it names " + inputs.length + " operands, there are " + operands.length);
        Tensor.sameDType(name(), operands);
        List<Term> terms = new ArrayList<>();
        int dots = 0;
        for (int i = 0; i < inputs.length; i++) {
            String axes = named(inputs[i], operands[i].shape());
            dots = Math.max(dots, (int) axes.chars().filter(c -> c >= ELLIPSIS).count());
            terms.add(distinct(axes, operands[i]));
        }
        String output = sides.length == 2 ? output(sides[1], dots) : implicit(inputs, dots);
        while (terms.size() > 1)
            contractCheapest(terms, output);
        Term last = summed(terms.getFirst(), output);
        int[] order = output.chars().map(c -> last.axes.indexOf(c)).toArray();
        return order.length == 0 ? last.value : last.value.permute(order);
    }

    /** The names of an operand's axes, with a name for each axis under an ellipsis; notes their extents. */
    private String named(String input, Shape shape) {
        int hidden = input.contains("...") ? shape.rank() - (input.length() - 3) : 0;
        String axes = hidden < 0 ? input : input.replaceFirst(DOTS, dots(hidden));
        if (axes.length() != shape.rank())
            throw wrong("'" + input + "' does not name the axes of shape " + shape);
        for (int i = 0; i < axes.length(); i++) {
            char c = axes.charAt(i);
            if (c < ELLIPSIS && !Character.isLetter(c))
                throw wrong("'" + c + "' is not a letter");
            int extent = shape.dim(i), first = shape.dim(axes.indexOf(c));
            if (first != extent) // an operand's diagonal does not broadcast, operands do
                throw extents(c, first, extent);
            int known = extents.getOrDefault(c, extent);
            if (known != extent && known != 1 && extent != 1)
                throw extents(c, known, extent);
            extents.put(c, known == 1 ? extent : known);
        }
        return axes;
    }

    private IllegalArgumentException extents(char axis, int one, int other) {
        return wrong("axis " + (axis < ELLIPSIS ? axis : "under ...") + " has extents " + one + " and " + other);
    }

    /** Names for the last n axes under an ellipsis. */
    private static String dots(int n) {
        StringBuilder s = new StringBuilder();
        for (int i = n; i > 0; i--)
            s.append((char) (ELLIPSIS + i));
        return s.toString();
    }

    private String output(String side, int dots) {
        if (dots > 0 && !side.contains("..."))
            throw wrong("the output needs '...', for the axes under those of the operands");
        String output = side.replaceFirst(DOTS, dots(dots));
        for (char c : output.toCharArray())
            if (!extents.containsKey(c) || output.indexOf(c) != output.lastIndexOf(c))
                throw wrong("the output names " + c + ", which must stand in an operand, and once in the output");
        return output;
    }

    /** Without an arrow the output has the ellipsis, then in alphabetical order the letters that stand once. */
    private static String implicit(String[] inputs, int dots) {
        String all = String.join("", inputs).replace("...", "");
        return dots(dots) + all.chars().sorted().mapToObj(c -> String.valueOf((char) c))
                .filter(c -> all.indexOf(c) == all.lastIndexOf(c)).collect(Collectors.joining());
    }

    /** Takes diagonals until every axis has a name of its own. */
    private static Term distinct(String axes, Tensor x) {
        for (int i = 0; i < axes.length(); i++) {
            int again = axes.indexOf(axes.charAt(i), i + 1);
            if (again < 0)
                continue;
            char c = axes.charAt(i);
            String rest = new StringBuilder(axes).deleteCharAt(again).deleteCharAt(i).append(c).toString();
            return distinct(rest, x.diagonal(0, i, again));
        }
        return new Term(axes, x);
    }

    /** Sums over the axes that are not kept. */
    private static Term summed(Term term, String kept) {
        int[] gone = IntStream.range(0, term.axes.length())
                .filter(i -> kept.indexOf(term.axes.charAt(i)) < 0).toArray();
        if (gone.length == 0)
            return term;
        String axes = term.axes.chars().filter(c -> kept.indexOf(c) >= 0)
                .mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
        return new Term(axes, term.value.sum(gone));
    }

    /** Replaces the two terms whose product is smallest, relative to their own sizes, by the product. */
    private void contractCheapest(List<Term> terms, String output) {
        int first = 0, second = 1;
        long best = Long.MAX_VALUE;
        for (int i = 0; i < terms.size(); i++)
            for (int j = i + 1; j < terms.size(); j++) {
                long cost = size(kept(terms, i, j, output)) - terms.get(i).size() - terms.get(j).size();
                if (cost >= best)
                    continue;
                best = cost;
                first = i;
                second = j;
            }
        String kept = kept(terms, first, second, output);
        Term b = terms.remove(second), a = terms.remove(first);
        terms.add(contract(a, b, kept));
    }

    /** The axes of two terms that others or the output still need. */
    private static String kept(List<Term> terms, int i, int j, String output) {
        StringBuilder needed = new StringBuilder(output);
        for (int k = 0; k < terms.size(); k++)
            if (k != i && k != j)
                needed.append(terms.get(k).axes);
        return Stream.of(terms.get(i).axes, terms.get(j).axes).flatMapToInt(String::chars).distinct()
                .filter(c -> needed.indexOf(String.valueOf((char) c)) >= 0)
                .mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
    }

    private long size(String axes) {
        return axes.chars().mapToLong(c -> extents.get((char) c)).reduce(1, (p, q) -> Math.min(p * q, 1L << 31)); // no
                                                                                                                  // size
                                                                                                                  // is
                                                                                                                  // larger
    }

    /** One batched matrix product: axes of both that are kept, of a alone, summed, of b alone. */
    private Term contract(Term left, Term right, String kept) {
        Term a = summed(left, kept + right.axes), b = summed(right, kept + left.axes);
        String batch = select(a.axes, c -> b.axes.indexOf(c) >= 0 && kept.indexOf(c) >= 0);
        String summed = select(a.axes, c -> b.axes.indexOf(c) >= 0 && kept.indexOf(c) < 0);
        String onlyA = select(a.axes, c -> b.axes.indexOf(c) < 0), onlyB = select(b.axes, c -> a.axes.indexOf(c) < 0);
        long g = size(batch), m = size(onlyA), k = size(summed), n = size(onlyB);
        String axes = batch + onlyA + onlyB;
        Shape product = shape(axes);
        Tensor x = arranged(a, batch + onlyA + summed).reshape(Shape.of(name(), g, m, k)),
                y = arranged(b, batch + summed + onlyB).reshape(Shape.of(name(), g, k, n));
        return new Term(axes, x.matmul(y).reshape(product));
    }

    private static String select(String axes, IntPredicate wanted) {
        return axes.chars().filter(wanted).mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
    }

    /** The term's axes in the order given, each brought to its common extent. */
    private Tensor arranged(Term term, String axes) {
        Tensor x = axes.isEmpty()
                ? term.value
                : term.value.permute(axes.chars().map(c -> term.axes.indexOf(c)).toArray());
        return x.broadcastTo(shape(axes));
    }

    private Shape shape(String axes) {
        return Shape.of(name(), axes.chars().mapToLong(c -> extents.get((char) c)).toArray());
    }

    private String name() { return "einsum \"" + equation + "\""; }

    private IllegalArgumentException wrong(String why) { return new IllegalArgumentException(name() + ": " + why); }
}
