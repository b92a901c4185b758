package autograd.nn.train;

import java.util.SequencedMap;

/**
 * What is known after one pass over the examples to learn from.
 *
 * @param number
 *            which pass it was, from 1
 * @param steps
 *            how many steps were taken since training began
 * @param learningRate
 *            the optimizer's, in the last step
 * @param values
 *            numbers by name: {@code loss}, the mean while learning; {@code validation}, the mean loss of the
 *            examples held back, if there are any. A callback may put more, for those after it to log.
 */
public record Epoch(int number, long steps, double learningRate, SequencedMap<String, Double> values) {
    /** A value by its name; an error that says which there are if this one is missing. */
    public double value(String name) {
        Double value = values.get(name);
        if (value == null)
            throw new IllegalArgumentException(
                    "epoch " + number + " has no value " + name + "; it has " + values.keySet());
        return value;
    }

    /** The mean loss while learning, each step's before it was taken. */
    public double loss() {
        return values.getOrDefault("loss", Double.NaN);
    }

    /** The mean loss of the examples held back; NaN if there are none. */
    public double validation() {
        return values.getOrDefault("validation", Double.NaN);
    }

    /** What should fall: the validation loss, or without one the loss. */
    public double watched() {
        return values.containsKey("validation") ? validation() : loss();
    }
}
