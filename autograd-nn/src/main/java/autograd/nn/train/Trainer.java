package autograd.nn.train;

import autograd.GradientTape;
import autograd.IntTensor;
import autograd.Tensor;
import autograd.Transaction;
import autograd.array.Rng;
import autograd.check.Explain;
import autograd.nn.Layer;
import autograd.nn.Pass;
import autograd.nn.Trainable;
import autograd.nn.data.Batch;
import autograd.nn.optim.Optimizer;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * The usual loop over epochs and batches, with what surrounds it: means, {@link TrainerCallback}s,
 * checkpoints. Ctrl-C stops it after the step at hand, saved and in order. All of it can as well be written
 * out, in a dozen lines:
 *
 * {@snippet :
 * for (int epoch = 1; epoch <= epochs; epoch++) {
 *     for (Batch batch : data.train().shuffle(rng.derive(epoch)).batches(32)) {
 *         double loss = optimizer.minimize(model, rng, pass -> Losses.sparseSoftmaxCrossEntropy(
 *                 model.forward(batch.x(), pass), batch.y()));
 *     }
 * }
 * }
 *
 * @param <B>
 *            what a batch is: {@link Batch}, or anything that the model's input and the right answers can be
 *            taken from
 */
public final class Trainer<B> {
    /** How a model's output is made of a batch. */
    @FunctionalInterface
    public interface Forward<B> {
        /** The output, one example along the first axis each. */
        Tensor of(B batch, Pass pass);
    }

    /** How bad an output is: a single number, the mean over the batch. */
    @FunctionalInterface
    public interface Loss<B> {
        /** The loss of the output of a batch. */
        Tensor of(Tensor output, B batch);
    }

    private final Trainable model;
    private final Forward<B> forward;
    private final Loss<B> loss;
    private final Optimizer optimizer;
    private final Rng rng;
    private volatile boolean stopped;
    private int epochs;
    private Progression at = Progression.START;
    private List<TrainerCallback> callbacks = List.of();
    private @Nullable Checkpoint restored;

    /**
     * A trainer of any model.
     *
     * @param model
     *            the model to train: its variables are changed, and no others
     * @param forward
     *            how its output is made
     * @param loss
     *            what is to become small
     * @param optimizer
     *            how
     * @param rng
     *            what random layers draw from
     */
    public Trainer(Trainable model, Forward<B> forward, Loss<B> loss, Optimizer optimizer, Rng rng) {
        this.model = model;
        this.forward = forward;
        this.loss = loss;
        this.optimizer = optimizer;
        this.rng = rng;
    }

    /**
     * A trainer of a classifier: {@code Trainer.of(mlp, Losses::sparseSoftmaxCrossEntropy, new Adam(1e-3), rng)}.
     */
    public static Trainer<Batch> of(Layer model, Classification loss, Optimizer optimizer, Rng rng) {
        return new Trainer<>(model, (batch, pass) -> model.forward(batch.x(), pass),
                (output, batch) -> loss.of(output, batch.y()), optimizer, rng);
    }

    /** How bad scores are for labels. */
    @FunctionalInterface
    public interface Classification {
        /** The loss of scores, [n, ..], for labels, [n, ..]. */
        Tensor of(Tensor scores, IntTensor labels);
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
     *            who is told
     * @return the epochs that were completed by this call
     */
    public List<Epoch> fit(IntFunction<? extends Iterable<B>> train, Iterable<B> validation, int epochs,
            TrainerCallback... callbacks) {
        List<Epoch> history = new ArrayList<>();
        stopped = false;
        this.epochs = epochs;
        this.callbacks = List.of(callbacks);
        try (var _ = new Shutdown(this::stop)) {
            begin();
            try {
                while (!isStopping()) {
                    if (pass(train.apply(at.epochs() + 1)))
                        complete(validation).ifPresent(history::add);
                    this.callbacks.forEach(c -> c.checkpoint(this));
                }
            } finally {
                this.callbacks.forEach(c -> c.end(this));
            }
        }
        return history;
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
        for (B batch : batches) {
            if (index++ < done)
                continue; // taken before a stop
            if (stopped)
                return false;
            double loss = step(batch);
            callbacks.forEach(c -> c.step(this, loss));
        }
        if (index == 0 || index < done)
            throw new IllegalArgumentException("fit: epoch " + (at.epochs() + 1) + " has " + index + " batches, "
                    + (done == 0
                            ? "there must be one at least; an Iterable gives all of them each time it is asked"
                            : "but " + done + " were taken before a stop: give it the same batches again"));
        return true;
    }

    private double step(B batch) {
        double rate = optimizer.learningRate(), loss;
        var examples = new AtomicInteger();
        try {
            loss = optimizer.minimize(model, rng, pass -> {
                Tensor output = forward.of(batch, pass);
                examples.set(count(output));
                return finite(this.loss.of(output, batch));
            });
        } catch (NotFinite e) {
            throw explained(batch);
        }
        at = at.step(loss, examples.get(), rate);
        return loss;
    }

    private static Tensor finite(Tensor loss) {
        if (!Double.isFinite(loss.item()))
            throw new NotFinite();
        return loss;
    }

    /** Ends a step that is not to be taken. */
    private static final class NotFinite extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotFinite() { super(null, null, false, false); }
    }

    /** Computes the loss once more, with an eye on every operation: so steps that go well pay nothing. */
    private ArithmeticException explained(B batch) {
        long position = rng.position();
        try (var _ = new Transaction(); var tape = new GradientTape(Explain.tracing())) {
            Tensor y = loss.of(forward.of(batch, Pass.training(rng)), batch);
            return new ArithmeticException("Trainer: the loss is " + y.item() + " in epoch " + (at.epochs() + 1)
                    + ", batch " + at.batches() + ": " + Explain.nonFinite(tape, y)
                            .orElse("it is not the same for the same batch, and finite when asked again"));
        } finally {
            rng.skipTo(position);
        }
    }

    /** Nothing if it was stopped before: then training that goes on begins with this. */
    private Optional<Epoch> complete(Iterable<B> validation) {
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", at.meanLoss());
        mean(validation, (_, _) -> {}, () -> stopped).ifPresent(mean -> values.put("validation", mean));
        if (stopped)
            return Optional.empty();
        at = at.epoch();
        var epoch = new Epoch(at.epochs(), at.steps(), at.learningRate(), values);
        callbacks.forEach(c -> c.epoch(this, epoch));
        return Optional.of(epoch);
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
        return mean(batches, metrics, () -> false)
                .orElseThrow(() -> new IllegalArgumentException("evaluate: there are no batches"));
    }

    private OptionalDouble mean(Iterable<B> batches, BiConsumer<Tensor, B> metrics, BooleanSupplier enough) {
        double sum = 0;
        long examples = 0;
        for (B batch : batches) {
            if (enough.getAsBoolean())
                break;
            Tensor output = forward.of(batch, Pass.EVAL);
            sum += loss.of(output, batch).item() * count(output);
            examples += count(output);
            metrics.accept(output, batch);
        }
        return examples == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / examples);
    }

    /** The model's outputs in evaluation, one after the other along the first axis. */
    public Tensor predict(Iterable<B> batches) {
        List<Tensor> outputs = new ArrayList<>();
        for (B batch : batches)
            outputs.add(forward.of(batch, Pass.EVAL));
        if (outputs.isEmpty())
            throw new IllegalArgumentException("predict: there are no batches");
        return Tensor.concat(0, outputs.toArray(Tensor[]::new));
    }

    private static int count(Tensor output) {
        if (output.size() == 0)
            throw new IllegalArgumentException(
                    "Trainer: a batch has no examples, its output has shape " + output.shape());
        return output.shape().rank() == 0 ? 1 : output.shape().dim(0);
    }
}
