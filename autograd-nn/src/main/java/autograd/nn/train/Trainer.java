package autograd.nn.train;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.array.Rng;
import autograd.nn.Layer;
import autograd.nn.Pass;
import autograd.nn.Trainable;
import autograd.nn.data.Batch;
import autograd.nn.data.Source;
import autograd.nn.optim.Optimizer;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;

/**
 * Trains a model on a data set in batches, with validation, metrics, callbacks and checkpoints:
 *
 * {@snippet :
 * var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(1e-3), rng).batchSize(32)
 *         .metrics("accuracy");
 * History history = trainer.fit(data.train(), data.test(), 5);
 * }
 *
 * Each epoch is shuffled from the generator's seed and its number. A line about it, or on a terminal a
 * progress bar, goes to standard error, unless the trainer is {@link #quiet}. Ctrl-C stops it after the step
 * at hand, saved and in order. All of it can as well be written out, in a dozen lines:
 *
 * {@snippet :
 * for (int epoch = 1; epoch <= epochs; epoch++) {
 *     for (var batch : data.train().shuffle(rng.derive(epoch)).batches(32)) {
 *         double loss = optimizer.minimize(model, rng, pass -> Losses.sparseSoftmaxCrossEntropy(
 *                 model.forward(batch.x(), pass), batch.y()));
 *     }
 * }
 * }
 *
 * @param <B>
 *            what a batch is: {@link Batch}, or anything that the model's input and the targets can be taken
 *            from
 */
public final class Trainer<B> {
    /** How a model's output is made of a batch. */
    @FunctionalInterface
    public interface Forward<B> {
        /** The output, one example along the first axis each. */
        Tensor of(B batch, Pass pass);
    }

    /** The loss to minimize: a single number, the mean over the batch. */
    @FunctionalInterface
    public interface Loss<B> {
        /** The loss of the output of a batch. */
        Tensor of(Tensor output, B batch);
    }

    private final Trainable model;
    private final Optimizer optimizer;
    private final Rng rng;
    private final TrainingStep<B> step;
    private final Evaluation<B> evaluation;
    private final SequencedMap<String, Supplier<Metric<B>>> metrics = new LinkedHashMap<>();
    private int batchSize = 32, accumulated = 1;
    private boolean quiet;
    private volatile boolean stopped;
    private int epochs;
    /**
     * Whether this trainer has trained, so that a call that finds nothing to do is a mistake, not a resumed run.
     */
    private boolean hasFitted;
    private Progression at = Progression.START;
    private List<TrainerCallback> callbacks = List.of();
    private @Nullable Checkpoint restored;

    private Trainer(Trainable model, Forward<B> forward, Loss<B> loss, Optimizer optimizer, Rng rng) {
        this.model = model;
        this.optimizer = optimizer;
        this.rng = rng;
        step = new TrainingStep<>(model, forward, loss, optimizer, rng);
        evaluation = new Evaluation<>(forward, loss);
    }

    /**
     * A trainer of any model.
     *
     * @param model
     *            the model to train: its variables are changed, and no others
     * @param forward
     *            computes its output from a batch: {@code (batch, pass) -> model.forward(batch.x(), pass)}
     * @param loss
     *            the loss of the output of a batch, to be minimized
     * @param optimizer
     *            takes the steps
     * @param rng
     *            what random layers draw from; its seed and the number of an epoch give the order of examples
     * @param <B>
     *            what a batch is
     * @return the trainer
     */
    public static <B> Trainer<B> of(Trainable model, Forward<B> forward, Loss<B> loss, Optimizer optimizer, Rng rng) {
        return new Trainer<>(model, forward, loss, optimizer, rng);
    }

    /**
     * A trainer of a classifier: {@code Trainer.of(mlp, Losses::sparseSoftmaxCrossEntropy, new Adam(1e-3), rng)}.
     */
    public static Trainer<Batch<Tensor, IntTensor>> of(Layer model, Classification loss, Optimizer optimizer,
            Rng rng) {
        return of(model, (OfTargets<IntTensor>) loss, optimizer, rng);
    }

    /**
     * A trainer of a layer with any targets:
     * {@code Trainer.of(mlp, Losses::meanSquaredError, new Adam(1e-3), rng)}. For a loss with overloads, such as
     * {@code huber}, write the types of a lambda:
     * {@code (Tensor y, Tensor target) -> Losses.huber(y, target, 0.5)}.
     */
    @SuppressWarnings("overloads") // where both fit, Classification is the more specific one
    public static <Y> Trainer<Batch<Tensor, Y>> of(Layer model, OfTargets<Y> loss, Optimizer optimizer, Rng rng) {
        return new Trainer<>(model, (batch, pass) -> model.forward(batch.x(), pass),
                (output, batch) -> loss.of(output, batch.y()), optimizer, rng);
    }

    /** The loss of outputs with their targets: a single number, the mean over the batch. */
    @FunctionalInterface
    public interface OfTargets<Y> {
        /** The loss of outputs, [n, ..], with targets, [n, ..]. */
        Tensor of(Tensor output, Y targets);
    }

    /** The loss of scores with class labels. */
    @FunctionalInterface
    public interface Classification extends OfTargets<IntTensor> {}

    /** How many examples a batch of a data set has, at least 1; 32 if it is not set. */
    public Trainer<B> batchSize(int examples) {
        batchSize = atLeastOne("batchSize", examples);
        return this;
    }

    /**
     * Takes one step for so many batches, at least 1, along the mean of their gradients: as one step for a large
     * batch of all their examples, to rounding, in the memory of one batch. A batch counts by its number of
     * examples, also where a loss has class weights or ignores labels; then the sums differ from those of a large
     * batch. Statistics of batches, as of {@code BatchNorm}, are those of the small batches. Gradients added up
     * by {@code backward()} are not used.
     */
    public Trainer<B> accumulate(int batches) {
        accumulated = atLeastOne("accumulate", batches);
        return this;
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1)
            throw new IllegalArgumentException(what + ": it is " + value + ", it must be at least 1");
        return value;
    }

    /**
     * Measures the validation examples after each epoch by metrics: {@code accuracy} and {@code f1} (of class 1
     * if there are two classes, else the mean over classes) of labels, {@code auc} of two classes, {@code mae} of
     * numbers.
     */
    public Trainer<B> metrics(String... names) {
        for (String name : names) {
            Metric.named(name);
            metrics.put(name, () -> Metric.named(name));
        }
        return this;
    }

    /**
     * Measures the validation examples after each epoch by a metric of your own: the mean over all examples of
     * its values of batches.
     *
     * @param name
     *            of the value in {@link Epoch#values}
     * @param function
     *            for example {@code (outputs, batch) -> Accuracy.binary(outputs, batch.y(), 0)}
     * @return this trainer
     */
    public Trainer<B> metric(String name, ToDoubleBiFunction<Tensor, B> function) {
        if (name.equals("loss") || name.equals("validation"))
            throw new IllegalArgumentException("metric: the name " + name + " is taken; choose another");
        metrics.put(name, () -> Metric.mean(function));
        return this;
    }

    /** Prints nothing about epochs. */
    public Trainer<B> quiet() {
        quiet = true;
        return this;
    }

    /** What is trained. */
    public Trainable model() { return model; }

    /** What trains it. */
    public Optimizer optimizer() { return optimizer; }

    /** What random layers draw from. */
    public Rng rng() { return rng; }

    /** How many epochs are complete. */
    public int epochs() { return at.epochs(); }

    /** How many steps were taken. */
    public long steps() { return at.steps(); }

    /** Asks for an end after the step at hand; from any thread. */
    public void stop() { stopped = true; }

    /** Whether {@link #fit} takes no further step: an end was asked for, or all epochs are complete. */
    public boolean isStopping() {
        return stopped || at.epochs() >= epochs;
    }

    /**
     * Saves all that is needed to go on: the model, the optimizer's state, where the generator stands, how far
     * training is, and within {@link #fit} what callbacks keep.
     *
     * @param file
     *            a safetensors file, replaced when the new one is complete
     */
    public void save(Path file) { Checkpoint.of(this, at, callbacks).write(file); }

    /**
     * Goes on where another trainer was saved: the next {@link #fit} ends on the same bits as if there had been
     * no stop, callbacks of the same classes with it.
     *
     * @param file
     *            as {@link #save} wrote it, of a model, an optimizer and a generator made alike; if not, nothing
     *            changes
     */
    public void restore(Path file) {
        restored = Checkpoint.read(file);
        at = restored.restore(this);
    }

    /**
     * Trains on a data set until so many epochs are complete, those of earlier calls among them. Each epoch has
     * its own order, made of the generator's seed and the number of the epoch.
     *
     * @param train
     *            the examples to learn from
     * @param validation
     *            examples held back, for the loss and the metrics after each epoch
     * @param epochs
     *            how many in all; an error if an earlier call of this trainer has completed as many
     * @param callbacks
     *            called in this order
     * @return the epochs that were completed by this call
     */
    public History fit(Source<B> train, Source<B> validation, int epochs, TrainerCallback... callbacks) {
        return fit(epoch -> train.shuffle(rng.derive(epoch)).batches(batchSize), validation.batches(batchSize), epochs,
                callbacks);
    }

    /** Trains on a data set without validation. */
    public History fit(Source<B> train, int epochs, TrainerCallback... callbacks) {
        return fit(epoch -> train.shuffle(rng.derive(epoch)).batches(batchSize), List.of(), epochs, callbacks);
    }

    /**
     * Trains until so many epochs are complete, those of earlier calls among them. A loss that is NaN or infinite
     * is an error that names the operation where that began. When a step fails, all variables, running statistics
     * included, and the generator are as they were before it. After a stop, the next call goes on with the next
     * batch.
     *
     * @param train
     *            the batches of an epoch, from 1: {@code epoch -> data.shuffle(rng.derive(epoch)).batches(32)};
     *            always the same for the same number, for that is where an interrupted epoch goes on
     * @param validation
     *            batches held back; {@code List.of()} for none
     * @param epochs
     *            how many in all
     * @param callbacks
     *            called in this order
     * @return the epochs that were completed by this call
     */
    public History fit(IntFunction<? extends Iterable<B>> train, Iterable<B> validation, int epochs,
            TrainerCallback... callbacks) {
        if (!metrics.isEmpty() && !validation.iterator().hasNext())
            throw new IllegalArgumentException("fit: the metrics " + metrics.keySet() + " are measured on validation "
                    + "examples: give some, if need be those to learn from");
        if (epochs < 0 || hasFitted && at.epochs() >= epochs)
            throw new IllegalArgumentException("fit: " + at.epochs() + " epochs are complete, so " + epochs
                    + " leave nothing to do: the number counts all epochs; fit(.., "
                    + (at.epochs() + Math.max(1, epochs))
                    + ") trains " + Math.max(1, epochs) + " more");
        hasFitted = true;
        List<Epoch> history = new ArrayList<>();
        stopped = false;
        this.epochs = epochs;
        this.callbacks = List.of(callbacks);
        try (var _ = new Shutdown(this::stop)) {
            begin();
            var line = new EpochLine(epochs, at.steps());
            try {
                while (!isStopping()) {
                    if (pass(shown(train.apply(at.epochs() + 1))))
                        complete(validation).ifPresent(epoch -> {
                            history.add(epoch);
                            if (!quiet)
                                line.print(epoch);
                        });
                    this.callbacks.forEach(c -> c.checkpoint(this));
                }
            } finally {
                this.callbacks.forEach(c -> c.end(this));
            }
        }
        return new History(history);
    }

    private Iterable<B> shown(Iterable<B> batches) {
        return quiet ? batches : Progress.of("Epoch " + (at.epochs() + 1) + "/" + epochs, batches);
    }

    private void begin() {
        callbacks.forEach(c -> c.begin(this));
        if (restored != null)
            restored.restore(this, callbacks);
        restored = null;
    }

    /** The rest of an epoch; false if it was stopped before the end. */
    private boolean pass(Iterable<B> batches) {
        int index = 0, done = at.batches();
        List<B> group = new ArrayList<>();
        for (B batch : batches) {
            if (index++ < done)
                continue; // taken before a stop
            if (stopped && group.isEmpty())
                return false;
            group.add(batch);
            if (group.size() == accumulated)
                take(group);
        }
        if (index == 0 || index < done)
            throw new IllegalArgumentException("fit: epoch " + (at.epochs() + 1) + " has " + index + " batches, "
                    + (done == 0
                            ? "there must be one at least; an Iterable gives all of them each time it is asked"
                            : "but " + done + " were taken before a stop: give it the same batches again"));
        if (!group.isEmpty())
            take(group);
        return true;
    }

    private void take(List<B> group) {
        double rate = optimizer.learningRate();
        TrainingStep.Taken taken = step.take(group, at);
        at = at.step(taken.loss(), taken.examples(), rate, group.size());
        group.clear();
        callbacks.forEach(c -> c.step(this, taken.loss()));
    }

    /** Nothing if it was stopped before: then training that goes on begins with this. */
    private Optional<Epoch> complete(Iterable<B> validation) {
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", at.meanLoss());
        evaluation.measure(validation, metrics, "validation", values, () -> stopped);
        if (stopped)
            return Optional.empty();
        at = at.epoch();
        var epoch = new Epoch(at.epochs(), at.steps(), at.learningRate(), values);
        callbacks.forEach(c -> c.epoch(this, epoch));
        return Optional.of(epoch);
    }

    /** The mean loss of a data set in evaluation, as {@code loss}, and the metrics by their names. */
    public SequencedMap<String, Double> evaluate(Source<B> data) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        evaluation.measure(data.batches(batchSize), metrics, "loss", values, () -> false);
        if (values.isEmpty())
            throw new IllegalArgumentException("evaluate: there are no examples");
        return values;
    }

    /** The model's outputs in evaluation for a data set, in its order. */
    public Tensor predict(Source<B> data) {
        return predict(data.batches(batchSize));
    }

    /** The mean loss of batches in evaluation. */
    public double evaluate(Iterable<B> batches) {
        return evaluate(batches, (_, _) -> {});
    }

    /**
     * The mean loss of batches in evaluation, and what else is to be measured of them.
     *
     * @param batches
     *            any
     * @param metrics
     *            given every output with its batch: {@code (scores, b) -> matrix.add(scores.argMax(-1), b.y())}
     * @return the mean over all examples; an error if there are none
     */
    public double evaluate(Iterable<B> batches, BiConsumer<Tensor, B> metrics) {
        return evaluation.mean(batches, metrics, () -> false)
                .orElseThrow(() -> new IllegalArgumentException("evaluate: there are no batches"));
    }

    /** The model's outputs in evaluation, one after the other along the first axis. */
    public Tensor predict(Iterable<B> batches) {
        return evaluation.predict(batches);
    }
}
