package autograd.nn.train;

import autograd.GradientTape;
import autograd.Gradients;
import autograd.Tensor;
import autograd.Transaction;
import autograd.array.Rng;
import autograd.check.Explain;
import autograd.nn.Pass;
import autograd.nn.Trainable;
import autograd.nn.optim.Optimizer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes the steps of a {@link Trainer}, each whole or not at all. */
record TrainingStep<B>(Trainable model, Trainer.Forward<B> forward, Trainer.Loss<B> loss, Optimizer optimizer,
        Rng rng) {
    /**
     * A step that was taken.
     *
     * @param loss
     *            the mean over its examples, before the step
     */
    record Taken(double loss, long examples) {}

    /** One step for a group of batches, the next ones after some progress. */
    Taken take(List<B> group, Progression at) {
        return group.size() == 1 ? one(group.getFirst(), at) : all(group, at);
    }

    private Taken one(B batch, Progression at) {
        var examples = new AtomicInteger();
        try {
            double mean = optimizer.minimize(model, rng, pass -> {
                Tensor output = forward.of(batch, pass);
                examples.set(Evaluation.count(output));
                return finite(loss.of(output, batch));
            });
            return new Taken(mean, examples.get());
        } catch (NotFinite e) {
            throw explained(batch, at.epochs(), at.batches());
        }
    }

    /** Along the sum of the gradients of all batches, each times its share of the examples. */
    private Taken all(List<B> group, Progression at) {
        long position = rng.position(), before = position, examples = 0;
        double sum = 0;
        int index = 0;
        @Nullable
        Gradients gradients = null;
        try (var transaction = new Transaction(generators())) {
            for (B batch : group) {
                before = rng.position();
                try (var tape = new GradientTape()) {
                    Tensor output = forward.of(batch, Pass.training(rng)), y = finite(loss.of(output, batch));
                    int n = Evaluation.count(output);
                    Gradients part = tape.gradient(y, model.variables()).mul(n);
                    gradients = gradients == null ? part : gradients.add(part);
                    sum += y.item() * n;
                    examples += n;
                }
                index++;
            }
            double all = examples;
            if (gradients != null)
                optimizer.apply(gradients.map(g -> g.div(all)));
            transaction.commit();
        } catch (NotFinite e) {
            rng.skipTo(before);
            ArithmeticException explained = explained(group.get(index), at.epochs(), at.batches() + index);
            rng.skipTo(position);
            throw explained;
        } catch (RuntimeException | Error e) {
            rng.skipTo(position);
            throw e;
        }
        return new Taken(sum / examples, examples);
    }

    /** The generators that a step moves. */
    private Rng[] generators() {
        List<Rng> all = new ArrayList<>(model.generators());
        all.add(rng);
        return all.toArray(Rng[]::new);
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
    private ArithmeticException explained(B batch, int epochs, int batches) {
        try (var _ = new Transaction(generators()); var tape = new GradientTape(Explain.tracing())) {
            Tensor y = loss.of(forward.of(batch, Pass.training(rng)), batch);
            return new ArithmeticException("Trainer: the loss is " + y.item() + " in epoch " + (epochs + 1) + ", batch "
                    + batches + ": " + Explain.nonFinite(tape, y)
                            .orElse("it is not the same for the same batch, and finite when asked again"));
        }
    }
}
