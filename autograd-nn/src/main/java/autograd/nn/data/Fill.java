package autograd.nn.data;

import java.util.Arrays;

/** The replacement for the missing numbers of a column. */
@FunctionalInterface
public interface Fill {
    /** The mean of the numbers that are there. */
    Fill MEAN = numbers -> Arrays.stream(numbers).average().orElse(Double.NaN);

    /** The median of the numbers that are there; of an even number of them, the mean of the two in the middle. */
    Fill MEDIAN = numbers -> {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    };

    /** Always the same number. */
    static Fill constant(double value) { return _ -> value; }

    /**
     * The replacement for missing numbers.
     *
     * @param numbers
     *            the numbers that are not missing, perhaps none
     * @return a finite number; else an error names the column
     */
    double of(double... numbers);
}
