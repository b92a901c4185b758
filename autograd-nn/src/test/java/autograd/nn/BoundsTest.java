package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.Windows.Sliding;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.nn.data.Dataset;
import autograd.nn.init.Init;
import autograd.nn.metrics.ConfusionMatrix;
import autograd.nn.metrics.TopK;
import autograd.nn.optim.Adadelta;
import autograd.nn.optim.Adagrad;
import autograd.nn.optim.Adam;
import autograd.nn.optim.AdamW;
import autograd.nn.optim.Adamax;
import autograd.nn.optim.Clip;
import autograd.nn.optim.Lion;
import autograd.nn.optim.NAdam;
import autograd.nn.optim.Plateau;
import autograd.nn.optim.RmsProp;
import autograd.nn.optim.Schedule;
import autograd.nn.optim.Sgd;
import autograd.nn.train.Checkpoints;
import autograd.nn.train.EarlyStopping;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** Each check of a number accepts the last value within its bounds, and refuses the first one outside. */
class BoundsTest {
    private record Row(String name, DoubleConsumer use, double[] accepted, double[] refused) {
        @Override
        public String toString() { return name; }
    }

    private static final double TINY = Double.MIN_VALUE, INF = Double.POSITIVE_INFINITY, NAN = Double.NaN;
    private static final Dataset<Tensor, IntTensor> FIVE = Dataset.of(Tensor.zeros(5, 2), IntTensor.of(0, 1, 2, 0, 1));
    private static final Tensor SCORES = Tensor.zeros(1, 3);

    private static Row notNegative(String name, DoubleConsumer use) {
        return new Row(name, use, new double[]{0, Double.MAX_VALUE}, new double[]{-TINY, INF, NAN});
    }

    private static Row positive(String name, DoubleConsumer use) {
        return new Row(name, use, new double[]{TINY, Double.MAX_VALUE}, new double[]{0, NAN});
    }

    private static Row belowOne(String name, DoubleConsumer use) {
        return new Row(name, use, new double[]{0, Math.nextDown(1.0)}, new double[]{-TINY, 1, NAN});
    }

    private static Row upToOne(String name, DoubleConsumer use) {
        return new Row(name, use, new double[]{0, 1}, new double[]{-TINY, Math.nextUp(1.0), NAN});
    }

    private static Row atLeast(int least, String name, IntConsumer use) {
        return new Row(name, x -> use.accept((int) x), new double[]{least}, new double[]{least - 1});
    }

    private static Row within(int least, int most, String name, IntConsumer use) {
        return new Row(name, x -> use.accept((int) x), new double[]{least, most}, new double[]{least - 1, most + 1});
    }

    private static Variable ones() { return new Variable(Tensor.ones(2)); }

    static Stream<Row> optimizers() {
        return Stream.of(notNegative("learning rate", Sgd::new), belowOne("Sgd momentum", x -> new Sgd(1).momentum(x)),
                belowOne("Sgd dampening", x -> new Sgd(1).dampening(x)),
                notNegative("Sgd decay", x -> new Sgd(1).weightDecay(x)),
                notNegative("changed rate", x -> new Sgd(1).learningRate(x)),
                belowOne("Adam beta1", x -> new Adam(1).betas(x, 0)),
                belowOne("Adam beta2", x -> new Adam(1).betas(0, x)),
                notNegative("Adam epsilon", x -> new Adam(1).epsilon(x)),
                notNegative("Adam decay", x -> new Adam(1).weightDecay(x)),
                notNegative("AdamW decay", x -> new AdamW(1).weightDecay(x)),
                belowOne("Adamax beta1", x -> new Adamax(1).betas(x, 0)),
                belowOne("Adamax beta2", x -> new Adamax(1).betas(0, x)),
                notNegative("Adamax epsilon", x -> new Adamax(1).epsilon(x)),
                notNegative("Adamax decay", x -> new Adamax(1).weightDecay(x)),
                belowOne("NAdam beta1", x -> new NAdam(1).betas(x, 0)),
                belowOne("NAdam beta2", x -> new NAdam(1).betas(0, x)),
                notNegative("NAdam epsilon", x -> new NAdam(1).epsilon(x)),
                notNegative("NAdam momentum decay", x -> new NAdam(1).momentumDecay(x)),
                notNegative("NAdam decay", x -> new NAdam(1).weightDecay(x)),
                belowOne("Lion beta1", x -> new Lion(1).betas(x, 0)),
                belowOne("Lion beta2", x -> new Lion(1).betas(0, x)),
                notNegative("Lion decay", x -> new Lion(1).weightDecay(x)),
                belowOne("RmsProp alpha", x -> new RmsProp(1).alpha(x)),
                belowOne("RmsProp momentum", x -> new RmsProp(1).momentum(x)),
                notNegative("RmsProp epsilon", x -> new RmsProp(1).epsilon(x)),
                notNegative("RmsProp decay", x -> new RmsProp(1).weightDecay(x)),
                belowOne("Adadelta rho", x -> new Adadelta(1).rho(x)),
                notNegative("Adadelta epsilon", x -> new Adadelta(1).epsilon(x)),
                notNegative("Adadelta decay", x -> new Adadelta(1).weightDecay(x)),
                notNegative("Adagrad rate decay", x -> new Adagrad(1).rateDecay(x)),
                notNegative("Adagrad start", x -> new Adagrad(1).start(x)),
                notNegative("Adagrad epsilon", x -> new Adagrad(1).epsilon(x)),
                notNegative("Adagrad decay", x -> new Adagrad(1).weightDecay(x)), notNegative("Clip norm", Clip::norm),
                notNegative("Clip value", Clip::value));
    }

    static Stream<Row> training() {
        Schedule some = Schedule.exponentialDecay(0.5);
        return Stream.of(belowOne("Plateau factor", x -> new Plateau(x, 1)),
                atLeast(0, "Plateau patience", n -> new Plateau(0.5, n)),
                belowOne("Plateau threshold", x -> new Plateau(0.5, 1).threshold(x)),
                notNegative("Plateau absolute threshold", x -> new Plateau(0.5, 1).absoluteThreshold(x)),
                atLeast(0, "Plateau cooldown", n -> new Plateau(0.5, 1).cooldown(n)),
                notNegative("Plateau min", x -> new Plateau(0.5, 1).min(x)),
                atLeast(1, "stepDecay", n -> Schedule.stepDecay(n, 0.5)),
                notNegative("stepDecay factor", x -> Schedule.stepDecay(1, x)),
                notNegative("exponentialDecay", Schedule::exponentialDecay),
                atLeast(1, "cosineDecay", n -> Schedule.cosineDecay(n, 0)),
                notNegative("cosineDecay min", x -> Schedule.cosineDecay(1, x)),
                atLeast(1, "polynomialDecay", n -> Schedule.polynomialDecay(n, 1)),
                positive("polynomialDecay power", x -> Schedule.polynomialDecay(1, x)),
                atLeast(1, "linearWarmup", n -> Schedule.linearWarmup(n, 0)),
                notNegative("linearWarmup from", x -> Schedule.linearWarmup(1, x)),
                atLeast(2, "oneCycle", n -> Schedule.oneCycle(n)),
                upToOne("oneCycle rise", x -> Schedule.oneCycle(2, x, 1, 1)),
                positive("oneCycle start", x -> Schedule.oneCycle(2, 0.5, x, 1)),
                positive("oneCycle end", x -> Schedule.oneCycle(2, 0.5, 1, x)),
                atLeast(1, "then", n -> some.then(n, some)), atLeast(1, "every", n -> some.every(n)),
                atLeast(1, "restarting", n -> some.restarting(n)),
                atLeast(0, "EarlyStopping patience", EarlyStopping::new),
                notNegative("EarlyStopping minDelta", x -> new EarlyStopping(1).minDelta(x)),
                atLeast(1, "Checkpoints every", n -> new Checkpoints(Path.of("none")).every(n)),
                atLeast(1, "Checkpoints keep", n -> new Checkpoints(Path.of("none")).keep(n)));
    }

    static Stream<Row> layers() {
        var rng = new Rng(1);
        return Stream.of(belowOne("Dropout", Dropout::new),
                positive("LayerNorm epsilon", x -> new LayerNorm(ones(), ones(), x)),
                positive("GroupNorm epsilon", x -> new GroupNorm(1, ones(), ones(), x)),
                positive("RmsNorm epsilon", x -> new RmsNorm(ones(), x)),
                positive("BatchNorm epsilon", x -> new BatchNorm(ones(), ones(), ones(), ones(), 0.1, x)),
                upToOne("BatchNorm momentum", x -> new BatchNorm(ones(), ones(), ones(), ones(), x, 1)),
                atLeast(2, "BatchNorm's examples in training",
                        n -> BatchNorm.of(2).forward(Tensor.zeros(n, 2), Pass.training(rng))),
                within(1, 2, "GroupNorm groups", n -> GroupNorm.of(n, 2).forward(Tensor.zeros(1, 2, 1), Pass.EVAL)),
                atLeast(1, "AvgPool2d size", n -> new AvgPool2d(n, 1, 0)),
                atLeast(1, "AvgPool2d stride", n -> new AvgPool2d(1, n, 0)),
                within(0, 2, "AvgPool2d padding", n -> new AvgPool2d(5, 1, n)),
                atLeast(3, "AvgPool2d's image", n -> new AvgPool2d(5, 1, 1).forward(Tensor.zeros(1, 1, n, 9))),
                atLeast(1, "MaxPool2d size", n -> new MaxPool2d(n, 1, 0)),
                atLeast(1, "MaxPool2d stride", n -> new MaxPool2d(1, n, 0)),
                within(0, 2, "MaxPool2d padding", n -> new MaxPool2d(5, 1, n)),
                atLeast(3, "MaxPool2d's image", n -> new MaxPool2d(5, 1, 1).forward(Tensor.zeros(1, 1, 9, n))),
                within(0, 1, "ConvTranspose2d output padding", n -> new ConvTranspose2d(
                        new Variable(Tensor.zeros(1, 1, 2, 2)), new Variable(Tensor.zeros(1)),
                        Sliding.DEFAULT.stride(2), n)),
                within(0, 2, "Embedding", n -> Embedding.of(rng, 3, 2).forward(IntTensor.of(n))),
                within(0, 3, "Masks.lengths", n -> Masks.lengths(3, n)),
                new Row("PositionalEncoding length", n -> PositionalEncoding.sinusoidal(4, 2)
                        .forward(Tensor.zeros((int) n, 2)), new double[]{0, 4}, new double[]{5}),
                atLeast(2, "axes of an Mlp", n -> Mlp.of(rng, sizes(n))),
                atLeast(2, "axes of orthogonal", n -> Init.orthogonal().draw(DType.F32, rng, sizes(n))));
    }

    private static int[] sizes(int n) { return Stream.generate(() -> 2).limit(n).mapToInt(i -> i).toArray(); }

    static Stream<Row> losses() {
        Tensor three = Tensor.zeros(3);
        return Stream.of(positive("huber", x -> Losses.huber(three, three, x)),
                upToOne("smoothing", x -> CrossEntropy.DEFAULT.smoothing(x)),
                within(0, 2, "label", n -> Losses.sparseSoftmaxCrossEntropy(SCORES, IntTensor.of(n))),
                within(0, 2, "label of a smoothed loss", n -> Losses.sparseSoftmaxCrossEntropy(SCORES, IntTensor.of(n),
                        CrossEntropy.DEFAULT.smoothing(0.1))),
                atLeast(1, "TopK", TopK::new),
                within(0, 2, "TopK's label", n -> new TopK(1).add(SCORES, IntTensor.of(n))),
                atLeast(1, "ConfusionMatrix", ConfusionMatrix::new),
                within(0, 2, "predicted", n -> new ConfusionMatrix(3).add(IntTensor.of(n), IntTensor.of(0))),
                within(0, 2, "labelled", n -> new ConfusionMatrix(3).add(IntTensor.of(0), IntTensor.of(n))),
                within(0, 4, "select", n -> FIVE.select(n)), within(0, 5, "slice from", n -> FIVE.slice(n, 5)),
                within(0, 5, "slice to", n -> FIVE.slice(0, n)), upToOne("split", FIVE::split),
                atLeast(1, "batches", FIVE::batches), atLeast(1, "prefetch", n -> FIVE.batches(2).prefetch(n)),
                within(0, 2, "batch", n -> FIVE.batches(2).get(n)));
    }

    @ParameterizedTest
    @MethodSource({"optimizers", "training", "layers", "losses"})
    void acceptsTheLastAndRefusesTheFirst(Row row) {
        for (double x : row.accepted)
            assertDoesNotThrow(() -> row.use.accept(x), () -> row + " " + x);
        for (double x : row.refused) {
            RuntimeException e = assertThrows(RuntimeException.class, () -> row.use.accept(x), () -> row + " " + x);
            assertTrue(e instanceof IllegalArgumentException || e instanceof IndexOutOfBoundsException, e::toString);
            if (x == Math.rint(x) && Double.isFinite(x) && !row.name.startsWith("axes"))
                assertTrue(e.getMessage().contains("" + (int) x), e::toString);
        }
    }
}
