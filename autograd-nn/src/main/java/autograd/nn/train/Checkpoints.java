package autograd.nn.train;

import autograd.Tensor;
import autograd.array.DType;
import autograd.nn.files.InputFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Saves training in a folder, so that it can go on after a stop, to the bit as if there had been none:
 * {@code step-000001200.safetensors} after an epoch or when training is stopped, and
 * {@code best.safetensors}.
 */
public final class Checkpoints implements Callback {
    private static final String BEST = "best.safetensors", SCORE = "score";

    private final Path folder;
    private final int every, keep;
    private double best = Double.POSITIVE_INFINITY;
    private boolean better;

    /** Saves after each epoch, and keeps the last and the best. */
    public Checkpoints(Path folder) {
        this(folder, 1, 1);
    }

    /**
     * Saves now and then.
     *
     * @param folder
     *            of this training alone; it is made when training begins
     * @param every
     *            after how many epochs
     * @param keep
     *            how many of the last ones are kept, at least 1; the best is kept besides
     */
    public Checkpoints(Path folder, int every, int keep) {
        if (every < 1 || keep < 1)
            throw new IllegalArgumentException(
                    "Checkpoints: every " + every + " epochs, keep " + keep + ": both must be at least 1");
        this.folder = folder;
        this.every = every;
        this.keep = keep;
    }

    /**
     * Brings a trainer to where the last checkpoint of the folder was saved.
     *
     * @param trainer
     *            made like the one that was saved
     * @return false if there is no checkpoint, and training begins anew
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

    /** Oldest first. */
    private List<Path> saved() {
        if (!Files.isDirectory(folder))
            return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches("step-\\d{9}\\.safetensors")).sorted().toList();
        } catch (IOException e) {
            throw InputFile.cannot("list", folder, e);
        }
    }

    private Path file(long steps) { return folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", steps)); }

    @Override
    public void begin(Trainer<?> trainer) {
        Optional<Path> last = last();
        if (last.isPresent() && last.get().compareTo(file(trainer.steps())) > 0)
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
        better = epoch.watched() < best;
        if (better)
            best = epoch.watched();
    }

    @Override
    public void checkpoint(Trainer<?> trainer) {
        if (better)
            trainer.save(folder.resolve(BEST));
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
    public Map<String, Tensor> state() { return Map.of(SCORE, Tensor.of(DType.F64, best)); }

    @Override
    public void restore(Trainer<?> trainer, Map<String, Tensor> state) { best = state.get(SCORE).item(); }
}
