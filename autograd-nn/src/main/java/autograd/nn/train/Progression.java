package autograd.nn.train;

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

    Progression step(double loss, int count, double rate) {
        return new Progression(epochs, batches + 1, steps + 1, sum + loss * count, examples + count, rate);
    }

    Progression epoch() { return new Progression(epochs + 1, 0, steps, 0, 0, learningRate); }

    double meanLoss() { return sum / examples; }
}
