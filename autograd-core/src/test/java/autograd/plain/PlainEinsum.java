package autograd.plain;

import static autograd.plain.Plain.demand;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Einstein summation as NumPy's, by one loop over all indices: letters may stand several times in one operand
 * or the output, axes under an ellipsis and letters of several operands broadcast.
 */
final class PlainEinsum {
    private PlainEinsum() {}

    /** A random equation that is right, with operands. */
    static Given draw(Draw d) {
        String letters = "ijkA";
        int[] extents = IntStream.generate(() -> d.of(0, 1, 2, 3, 3)).limit(4).toArray(), under = d.few(0, 2);
        boolean dots = d.flag();
        List<String> inputs = new ArrayList<>();
        List<Plain> operands = new ArrayList<>();
        for (int n = d.in(1, 3); n > 0; n--) {
            StringBuilder axes = new StringBuilder();
            List<Integer> dims = new ArrayList<>();
            boolean[] one = new boolean[4];
            for (int k = 0; k < 4; k++)
                one[k] = d.in(0, 5) == 0;
            int at = dots ? d.in(0, 3) : -1, rank = d.in(0, 3);
            for (int k = 0; k <= rank; k++) {
                if (k == Math.min(at, rank)) {
                    axes.append("...");
                    for (int e : d.part(under))
                        dims.add(e);
                }
                int letter = d.in(0, 3);
                if (k < rank) {
                    axes.append(letters.charAt(letter));
                    dims.add(one[letter] ? 1 : extents[letter]);
                }
            }
            inputs.add(axes.toString());
            operands.add(d.array(dims.stream().mapToInt(e -> e).toArray()));
        }
        return Given.of(String.join(d.flag() ? "," : " , ", inputs) + output(d, dots, inputs),
                operands.toArray(Plain[]::new));
    }

    private static String output(Draw d, boolean dots, List<String> inputs) {
        if (d.in(0, 3) == 0)
            return "";
        List<Character> used = String.join("", inputs).replace(".", "").chars().distinct().mapToObj(c -> (char) c)
                .toList();
        StringBuilder output = new StringBuilder();
        for (int k : d.permutation(used.size()))
            if (d.flag())
                output.append(used.get(k));
        return "->" + (dots ? output.insert(d.in(0, output.length()), "...") : output);
    }

    static Plain of(Given g) {
        String[] sides = ((String) g.all().get(0)).replace(" ", "").split("->");
        String[] inputs = sides.length == 0 ? new String[]{""} : sides[0].split(",", -1);
        Plain[] operands = g.plains(1);
        List<List<String>> axes = new ArrayList<>();
        Map<String, Integer> extents = new LinkedHashMap<>();
        int under = 0;
        for (int k = 0; k < inputs.length; k++) {
            int hidden = operands[k].rank() - inputs[k].replace(".", "").length();
            axes.add(names(inputs[k], hidden));
            under = Math.max(under, hidden);
            Map<String, Integer> own = new LinkedHashMap<>();
            for (int i = 0; i < operands[k].rank(); i++) {
                Integer before = own.put(axes.get(k).get(i), operands[k].dim(i));
                demand(before == null || before == operands[k].dim(i), "a diagonal of equal extents");
            }
            own.forEach((name, extent) -> {
                int known = extents.getOrDefault(name, 1);
                demand(known == 1 || extent == 1 || known == extent, "extents that broadcast");
                extents.put(name, known == 1 ? extent : known);
            });
        }
        boolean arrow = ((String) g.all().get(0)).contains("->");
        String side = arrow ? sides.length > 1 ? sides[1] : "" : implicit(inputs);
        demand(under == 0 || side.contains("...") || !arrow, "an ellipsis in the output");
        return sum(extents, names(side, under), axes, operands);
    }

    /** Letters, and ".2", ".1" and so on for what is under an ellipsis, counted from the last. */
    private static List<String> names(String side, int hidden) {
        List<String> names = new ArrayList<>();
        for (int c = 0; c < side.length(); c++)
            if (side.startsWith("...", c)) {
                for (int n = hidden; n > 0; n--)
                    names.add("." + n);
                c += 2;
            } else {
                names.add(side.substring(c, c + 1));
            }
        return names;
    }

    private static String implicit(String... inputs) {
        String all = String.join("", inputs);
        Set<Character> once = new TreeSet<>();
        for (char c : all.replace(".", "").toCharArray())
            if (all.indexOf(c) == all.lastIndexOf(c))
                once.add(c);
        return "..." + once.stream().map(String::valueOf).collect(Collectors.joining());
    }

    private static Plain sum(Map<String, Integer> extents, List<String> output, List<List<String>> axes,
            Plain... operands) {
        Set<String> all = new LinkedHashSet<>(output);
        all.addAll(extents.keySet());
        List<String> order = List.copyOf(all);
        int[] dims = order.stream().mapToInt(extents::get).toArray();
        Plain y = Plain.zeros(Plain.longs(Arrays.copyOf(dims, output.size())));
        Plain.forEach(dims, i -> {
            double product = 1;
            for (int k = 0; k < operands.length; k++) {
                Plain x = operands[k];
                List<String> names = axes.get(k);
                product *= x.at(IntStream.range(0, x.rank())
                        .map(a -> x.dim(a) == 1 ? 0 : i[order.indexOf(names.get(a))]).toArray());
            }
            y.add(product, Arrays.copyOf(i, output.size()));
        });
        return y;
    }
}
