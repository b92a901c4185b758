package autograd.nn.train;

import java.util.Map;

/**
 * How far training has come.
 *
 * @param epochs
 *            complete
 * @param batches
 *            of the epoch at hand that are done
 * @param steps
 *            taken in all
 * @param sum
 *            of the losses of the examples of this epoch
 * @param examples
 *            of this epoch that were seen
 * @param learningRate
 *            of the last step; NaN before the first
 */
record Progression(int epochs, int batches, long steps, double sum, long examples, double learningRate) {
    static final Progression START = new Progression(0, 0, 0, 0, 0, Double.NaN);

    Progression {
        if (epochs < 0 || batches < 0 || steps < 0 || examples < 0)
            throw new IllegalArgumentException("epochs " + epochs + ", batches " + batches + ", steps " + steps
                    + " and examples " + examples + " must not be negative");
    }

    static Progression read(Checkpoint run) {
        return new Progression(run.number("epochs", Integer::valueOf), run.number("batches", Integer::valueOf),
                run.number("steps", Long::valueOf), run.number("sum", Double::valueOf),
                run.number("examples", Long::valueOf), run.number("learningRate", Double::valueOf));
    }

    void write(Map<String, String> texts) {
        texts.put("epochs", "" + epochs);
        texts.put("batches", "" + batches);
        texts.put("steps", "" + steps);
        texts.put("sum", Double.toHexString(sum));
        texts.put("examples", "" + examples);
        texts.put("learningRate", Double.toHexString(learningRate));
    }

    Progression step(double loss, long count, double rate, int taken) {
        return new Progression(epochs, batches + taken, steps + 1, sum + loss * count, examples + count, rate);
    }

    Progression epoch() { return new Progression(epochs + 1, 0, steps, 0, 0, learningRate); }

    double meanLoss() { return sum / examples; }
}
