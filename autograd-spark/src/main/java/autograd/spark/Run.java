package autograd.spark;

import autograd.Gradients;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.kernels.Kernels;
import autograd.nn.Layer;
import autograd.nn.optim.Optimizer;
import autograd.nn.train.Checkpoint;
import autograd.nn.train.Checkpoints;
import autograd.nn.train.Epoch;

import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The driver's part of {@link SparkTraining#fit}: a broadcast and a job for each step. */
final class Run<M extends Layer> {
    private static final System.Logger LOG = System.getLogger(SparkTraining.class.getName());

    private final SparkTraining<M> settings;
    private final JavaRDD<Shards<M>> data;
    private final JavaSparkContext spark;
    private final M model;
    private final Optimizer optimizer;
    /** Its position is the number of steps. */
    private final Rng rng;
    private final @Nullable LocalState<M> local;
    private final Plan plan;
    private boolean warned;

    Run(SparkTraining<M> settings, JavaRDD<Shards<M>> data) {
        this.settings = settings;
        this.data = data;
        spark = JavaSparkContext.fromSparkContext(data.context());
        model = settings.initial.of(new Rng(settings.seed));
        optimizer = settings.rule.of(model);
        rng = new Rng(settings.seed);
        local = settings.localSteps == 1
                ? null
                : new LocalState<>(settings.initial.of(new Rng(settings.seed)), settings.rule);
        plan = plan();
    }

    private Plan plan() {
        List<Tuple2<long[][], String>> found = data.map(s -> new Tuple2<>(s.describe(), "" + Kernels.get())).collect();
        checkKernels(found.stream().map(Tuple2::_2).distinct().toList());
        List<long[]> shards = found.stream().map(Tuple2::_1).flatMap(Arrays::stream).filter(s -> s[0] > 0).toList();
        long examples = shards.stream().mapToLong(s -> s[0]).sum();
        if (examples == 0)
            throw new IllegalArgumentException("fit: there are no examples");
        int features = width("features", shards, 1);
        width("numbers in their labels", shards, 3);
        model.forward(Tensor.zeros(Shards.dtype(model), 1, features)); // if they do not fit, an error with the shapes
        var plan = new Plan(examples, settings.shards, settings.batch, local != null);
        long least = shards.size() < settings.shards ? 0 : shards.stream().mapToLong(s -> s[0]).min().orElseThrow();
        if (local != null && least < plan.steps())
            throw new IllegalArgumentException("localSteps: an epoch has " + plan.steps() + " steps and the smallest "
                    + "shard " + least + " examples; it needs one for each step: use larger batches or fewer shards");
        return plan;
    }

    private static int width(String what, List<long[]> shards, int at) {
        long least = shards.stream().mapToLong(s -> s[at]).min().orElseThrow();
        long most = shards.stream().mapToLong(s -> s[at + 1]).max().orElseThrow();
        if (least != most)
            throw new IllegalArgumentException("fit: some examples have " + least + " " + what + " and some " + most
                    + ": all must have as many; find them by a filter on the length");
        return Math.toIntExact(most);
    }

    private static void checkKernels(List<String> executors) {
        if (!executors.equals(List.of("" + Kernels.get())))
            LOG.log(Level.WARNING, "the driver computes with {0}, executors with {1}: scalar kernels are several times "
                    + "slower, and the last bits depend on which executor computes what. Start all of them with "
                    + "--add-modules=jdk.incubator.vector, executors by spark.executor.extraJavaOptions",
                    Kernels.get(), executors);
    }

    M fit() {
        resume();
        for (long done = rng.position(); done < (long) settings.epochs * plan.steps(); done = rng.position())
            epoch(Math.toIntExact(done / plan.steps()) + 1, Math.toIntExact(done % plan.steps()));
        if (settings.folder != null)
            save(settings.folder);
        return model;
    }

    /** The rest of an epoch. */
    private void epoch(int epoch, int from) {
        double sum = 0, rate = optimizer.learningRate();
        long examples = 0;
        for (int step = from, next; step < plan.steps(); step = next) {
            rate = optimizer.learningRate();
            next = Math.min(step + settings.localSteps, plan.steps());
            Mean mean = local == null ? gradients(epoch, step) : localSteps(local, epoch, step, next - step);
            sum += mean.examples() == 0 ? 0 : mean.numbers().doubles()[0] * mean.examples();
            examples += mean.examples();
            long before = rng.position();
            rng.skipTo(before + next - step);
            if (settings.folder != null && before / settings.every != rng.position() / settings.every)
                save(settings.folder);
        }
        var values = new LinkedHashMap<String, Double>();
        values.put("loss", sum / examples);
        settings.listener.accept(new Epoch(epoch, optimizer.steps(), rate, values));
    }

    /** One step on the mean of the shards' gradients; none if no shard has an example for it. */
    private Mean gradients(int epoch, int step) {
        Plan plan = this.plan;
        Packed sent = Packed.of(Shards.changing(model).values());
        Mean mean = reduce(sent, (shards, bytes) -> shards.gradients(bytes, plan, epoch, step));
        if (mean.examples() > 0)
            apply(mean.numbers(), sent, epoch, step);
        return mean;
    }

    private void apply(Packed mean, Packed sent, int epoch, int step) {
        List<Variable> variables = model.variables(), statistics = Shards.statistics(model);
        List<Tensor> like = new ArrayList<>();
        like.add(Tensor.scalar(DType.F64, 0));
        like.add(Tensor.zeros(DType.F64, variables.size()));
        like.addAll(variables);
        like.addAll(statistics);
        Iterator<Tensor> values = mean.unpack(like).iterator();
        checkFinite(values.next().item(), sent, epoch, step);
        double[] reached = values.next().toDoubleArray();
        Map<Variable, Tensor> gradients = new LinkedHashMap<>();
        for (int i = 0; i < reached.length; i++) {
            Tensor g = values.next();
            if (reached[i] > 0)
                gradients.put(variables.get(i), g);
            else
                warnOnce(variables.get(i));
        }
        warned = true;
        optimizer.apply(Gradients.of(gradients));
        statistics.forEach(v -> v.assign(values.next()));
    }

    private void warnOnce(Variable v) {
        if (!warned)
            LOG.log(Level.WARNING, "no gradient reaches {0}: it is not trained", v.label());
    }

    /** Several steps of each shard, and the mean of where they lead. */
    private Mean localSteps(LocalState<M> local, int epoch, int step, int steps) {
        Plan plan = this.plan;
        OptimizerOf<M> rule = settings.rule;
        Mean mean = reduce(local.pack(model, optimizer),
                (shards, bytes) -> shards.localSteps(bytes, plan, epoch, step, steps, rule));
        Packed before = Packed.of(Shards.changing(model).values());
        checkFinite(local.unpack(mean.numbers(), model, optimizer), before, epoch, step);
        return mean;
    }

    private void checkFinite(double loss, Packed before, int epoch, int step) {
        if (Double.isFinite(loss))
            return;
        Plan plan = this.plan;
        Broadcast<byte[]> sent = spark.broadcast(before.toBytes());
        List<String> reasons = run(sent, (shards, bytes) -> shards.explain(bytes, plan, epoch, step)).collect();
        sent.destroy();
        throw new ArithmeticException("SparkTraining: the loss is not finite in epoch " + epoch + ", step " + step
                + (reasons.isEmpty()
                        ? ": it became so within local steps; lower the learning rate or take fewer of them"
                        : " of " + reasons.size() + " shards, " + reasons.getFirst()));
    }

    /** What a partition computes of what the driver sends. */
    private interface Task<M extends Layer, R> extends Serializable {
        List<R> of(Shards<M> shards, byte[] sent);
    }

    private <R> JavaRDD<R> run(Broadcast<byte[]> sent, Task<M, R> task) {
        FlatMapFunction<Shards<M>, R> each = shards -> task.of(shards, sent.value()).iterator();
        return data.flatMap(each);
    }

    /** Takes the mean over all shards; if there are many results, executors join them to some first. */
    private Mean reduce(Packed message, Task<M, byte[]> task) {
        Broadcast<byte[]> sent = spark.broadcast(message.toBytes());
        try {
            JavaRDD<byte[]> nodes = run(sent, task);
            int parts = data.getNumPartitions();
            if (parts > settings.fanIn) {
                int width = Integer.highestOneBit((int) Math.ceil(settings.shards / Math.sqrt(parts)) * 2 - 1);
                int groups = (settings.shards + width - 1) / width;
                nodes = nodes.mapToPair(node -> new Tuple2<>(Mean.of(node).first() / width, node))
                        .partitionBy(new HashPartitioner(groups)).map(Tuple2::_2).glom()
                        .flatMap(some -> Mean.Tree.of(some).toBytes().iterator());
            }
            return Mean.Tree.of(nodes.collect()).root(settings.shards);
        } finally {
            sent.destroy();
        }
    }

    private void resume() {
        if (settings.folder != null)
            new Checkpoints(settings.folder).last()
                    .ifPresent(file -> Checkpoint.restore(file, model, optimizer, rng));
    }

    private void save(Path folder) {
        Optional<Path> before = new Checkpoints(folder).last();
        Path file = folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", rng.position()));
        Checkpoint.save(file, model, optimizer, rng);
        try {
            if (before.isPresent() && !before.get().equals(file))
                Files.delete(before.get());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the old checkpoint " + before.get(), e);
        }
    }
}
