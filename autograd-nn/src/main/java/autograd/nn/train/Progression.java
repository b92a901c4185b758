package autograd.nn.train;

/**
 * How far training is.
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
 */
record Progression(int epochs, int batches, long steps, double sum, long examples) {
    static final Progression START = new Progression(0, 0, 0, 0, 0);

    Progression step(double loss, int count) {
        return new Progression(epochs, batches + 1, steps + 1, sum + loss * count, examples + count);
    }

    Progression epoch() { return new Progression(epochs + 1, 0, steps, 0, 0); }

    double meanLoss() { return sum / examples; }
}
