package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Shape;
import autograd.nn.files.InputFile;
import autograd.nn.io.Weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Saves training in a folder. After a stop, training can continue with the same bits as without the stop:
 * {@code step-000001200.safetensors} after an epoch or when training ends, which {@link Trainer#restore}
 * reads, and {@code best.safetensors}, the model's weights after the best epoch, which {@link Weights#load}
 * reads.
 */
public final class Checkpoints implements TrainerCallback {
    private static final String BEST = "best.safetensors", SCORE = "score";
    /** Nine digits, so that up to 10^9 steps names sort like numbers. */
    private static final Pattern NAME = Pattern.compile("step-\\d{9,18}\\.safetensors");

    private final Path folder;
    private int every = 1, keep = 1;
    private Lowest best = Lowest.NONE;
    private boolean better;

    /**
     * Saves after each epoch, and when training ends or is stopped; keeps the last checkpoint and the best
     * weights.
     *
     * @param folder
     *            a folder for this training only; it is created when training begins
     */
    public Checkpoints(Path folder) { this.folder = folder; }

    /** Saves every given number of epochs, at least 1, and when training ends or is stopped. */
    public Checkpoints every(int epochs) {
        every = atLeastOne("every", epochs);
        return this;
    }

    /** Keeps the given number of last checkpoints, at least 1, besides the best weights. */
    public Checkpoints keep(int checkpoints) {
        keep = atLeastOne("keep", checkpoints);
        return this;
    }

    private static int atLeastOne(String what, int value) {
        if (value < 1)
            throw new IllegalArgumentException("Checkpoints: " + what + " is " + value + ", it must be at least 1");
        return value;
    }

    /**
     * Restores a trainer from the last checkpoint in the folder.
     *
     * @param trainer
     *            constructed like the saved one
     * @return false if no checkpoint exists, so that training starts from the beginning
     */
    public boolean resume(Trainer<?> trainer) {
        Optional<Path> last = last();
        last.ifPresent(trainer::restore);
        return last.isPresent();
    }

    /** The last checkpoint in the folder. */
    public Optional<Path> last() {
        List<Path> saved = saved();
        return saved.isEmpty() ? Optional.empty() : Optional.of(saved.getLast());
    }

    /** The weights of the model after the epoch with the lowest validation loss, or loss, so far. */
    public Optional<Path> best() {
        return Optional.of(folder.resolve(BEST)).filter(Files::exists);
    }

    /** Oldest first. */
    private List<Path> saved() {
        if (!Files.isDirectory(folder))
            return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(Checkpoints::steps)).toList();
        } catch (IOException e) {
            throw InputFile.cannot("list", folder, e);
        }
    }

    private static long steps(Path file) {
        return Long.parseLong(file.getFileName().toString().substring("step-".length()).split("\\.")[0]);
    }

    private Path file(long steps) { return folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", steps)); }

    @Override
    public void begin(Trainer<?> trainer) {
        Optional<Path> last = last();
        if (last.isPresent() && steps(last.get()) > trainer.steps())
            throw new IllegalStateException("Checkpoints: " + last.get() + " is of training that went further: go on "
                    + "from it with resume(trainer), or use another folder");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw InputFile.cannot("make the folder", folder, e);
        }
    }

    @Override
    public void epoch(Trainer<?> trainer, Epoch epoch) {
        better = best.isAbove(epoch.watched(), 0);
        if (better)
            best = new Lowest(epoch.watched());
    }

    @Override
    public void checkpoint(Trainer<?> trainer) {
        if (better)
            Weights.save(folder.resolve(BEST), trainer.model());
        better = false;
        if (!trainer.isStopping() && trainer.epochs() % every != 0)
            return;
        trainer.save(file(trainer.steps()));
        List<Path> saved = saved();
        try {
            for (Path old : saved.subList(0, Math.max(0, saved.size() - keep)))
                Files.delete(old);
        } catch (IOException e) {
            throw InputFile.cannot("delete an old checkpoint in", folder, e);
        }
    }

    @Override
    public Map<String, Tensor> state() { return Map.of(SCORE, Tensor.of(DType.F64, best.value())); }

    @Override
    public void restore(Trainer<?> trainer, Map<String, Tensor> state) {
        var saved = new CallbackState("Checkpoints", state);
        Tensor score = saved.get(SCORE, DType.F64, Shape.of(1));
        saved.allRead();
        best = new Lowest(score.item());
    }
}
