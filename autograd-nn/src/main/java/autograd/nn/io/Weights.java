package autograd.nn.io;

import autograd.IntTensor;
import autograd.Tensor;
import autograd.Variable;
import autograd.array.DType;
import autograd.array.Shape;
import autograd.nn.Trainable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The weights of a model in a file: its whole {@link Trainable#state() state}, including tensors that are not
 * trained, such as running means. The name of the file determines the format: {@code .safetensors}, its
 * {@code .safetensors.index.json} if the model is in several files, or {@code .npz}.
 */
public final class Weights {
    private static final int MANY = 10;

    private Weights() {}

    /**
     * The result of loading; not everything is loaded if a mapping is {@link Mapping#partial partial}.
     *
     * @param loaded
     *            paths of variables that were loaded
     * @param missing
     *            paths of variables without a tensor in the file
     * @param unexpected
     *            names of tensors without a variable in the model
     * @param misshapen
     *            paths of variables whose tensor has another shape, or a dtype that cannot be converted exactly
     */
    public record Report(List<String> loaded, List<String> missing, List<String> unexpected, List<String> misshapen) {}

    /** Saves all variables of a model by their paths; replaces the file when the new one is complete. */
    public static void save(Path file, Trainable model) {
        save(file, model, Mapping.same());
    }

    /**
     * Saves all variables of a model by the names and in the layouts of a mapping, for example for PyTorch:
     * {@code Weights.save(file, model, Mapping.pyTorch())}.
     */
    public static void save(Path file, Trainable model, Mapping mapping) {
        boolean npz = isNpz(file);
        if (file.toString().endsWith(SafeTensors.INDEX))
            throw new IllegalArgumentException("weights: " + file + " is an index; a model is saved in one file");
        SequencedMap<String, Variable> state = model.state();
        Map<String, Object> tensors = new LinkedHashMap<>();
        for (Link link : mapping.links(model)) {
            if (link.models().isEmpty()) {
                tensors.put(link.files().getFirst(), IntTensor.of(new int[]{0}, new int[0]));
                continue;
            }
            List<Variable> variables = link.models().stream().map(state::get).toList();
            link.inFile(variables.stream().map(Variable::shape).toList()); // checks that they fit
            Tensor sum = link.toFile(variables);
            link.files().forEach(name -> tensors.put(name, Tensor.zeros(sum.dtype(), sum.shape().dims())));
            tensors.put(link.files().getFirst(), sum);
        }
        if (npz)
            Npz.write(file, tensors);
        else
            SafeTensors.write(file, tensors, mapping.isPyTorch() ? Map.of("format", "pt") : Map.of());
    }

    /**
     * Loads the saved values into all variables of a model.
     *
     * @param file
     *            written by {@link #save(Path, Trainable)}, or by another program with the same names and
     *            layouts; a file of PyTorch is an error, because PyTorch stores weights transposed
     * @param model
     *            a model with the same paths, shapes and dtypes as the file; else an exception lists the
     *            differences, and the model does not change
     */
    public static void load(Path file, Trainable model) {
        try (TensorFile saved = open(file)) {
            if ("pt".equals(saved.metadata().get("format")))
                throw new IllegalArgumentException(file + " was written by PyTorch (its metadata says format: pt): the "
                        + "weight of a Linear is [out, in] there and [in, out] here; load it with "
                        + "Weights.load(file, model, Mapping.pyTorch())");
            load(saved, file, model, Mapping.same(), false);
        }
    }

    /**
     * Loads values into the variables of a model by a mapping. Reads one tensor at a time, so a large file needs
     * no more memory than the model.
     *
     * @param file
     *            F16, BF16 and F32 are converted exactly to the dtypes of the variables
     * @param model
     *            the model to change
     * @param mapping
     *            names and layouts, for example {@link Mapping#pyTorch}
     * @return a report of the loaded variables: all of them, unless the mapping is partial. If something does not
     *         fit, an exception lists all differences, and the model does not change.
     */
    public static Report load(Path file, Trainable model, Mapping mapping) {
        try (TensorFile saved = open(file)) {
            return load(saved, file, model, mapping, true);
        }
    }

    private static TensorFile open(Path file) { return isNpz(file) ? Npz.open(file) : SafeTensors.open(file); }

    private static Report load(TensorFile saved, Path file, Trainable model, Mapping mapping, boolean widens) {
        SequencedMap<String, Variable> state = model.state();
        Set<String> names = saved.names(), rest = new LinkedHashSet<>(names);
        List<String> loaded = new ArrayList<>(), missing = new ArrayList<>(), misshapen = new ArrayList<>(),
                wrong = new ArrayList<>();
        List<Link> fitting = new ArrayList<>();
        Set<String> demanded = new HashSet<>();
        for (Link link : mapping.links(model)) {
            link.files().forEach(rest::remove);
            if (link.models().isEmpty())
                continue;
            boolean spared = link.models().stream().allMatch(mapping::spares);
            if (!names.containsAll(link.files())) {
                missing.addAll(link.models());
                if (!spared)
                    demanded.addAll(link.models());
                continue;
            }
            List<Variable> variables = link.models().stream().map(state::get).toList();
            String misfit = misfit(saved, link, variables, widens);
            if (misfit.isEmpty()) {
                fitting.add(link);
                loaded.addAll(link.models());
            } else {
                misshapen.addAll(link.models());
                if (!spared)
                    wrong.add(misfit);
            }
        }
        rest.removeIf(mapping::isIgnored);
        List<String> lacks = missing.stream().filter(demanded::contains).toList();
        refuse(file, lacks, mapping.isPartial() ? List.of() : List.copyOf(rest), wrong);
        fitting.forEach(link -> assign(saved, link, state));
        return new Report(List.copyOf(loaded), List.copyOf(missing), List.copyOf(rest), List.copyOf(misshapen));
    }

    /** The errors in the shapes or dtypes of a link; empty if there are none. */
    private static String misfit(TensorFile saved, Link link, List<Variable> variables, boolean widens) {
        Shape shape = link.inFile(variables.stream().map(Variable::shape).toList());
        DType dtype = variables.getFirst().dtype();
        for (String name : link.files()) {
            DType read = saved.readDType(name);
            if (!saved.shape(name).equals(shape) || read != dtype && !(widens && read == DType.F32))
                return name + " is " + read + " " + saved.shape(name) + " in the file and must be " + dtype + " "
                        + shape
                        + ", for " + String.join(", ", link.models()) + " in the model";
        }
        return "";
    }

    private static void refuse(Path file, List<String> missing, List<String> unexpected, List<String> wrong) {
        List<String> why = new ArrayList<>();
        if (!missing.isEmpty())
            why.add("it lacks " + some(missing));
        if (!unexpected.isEmpty())
            why.add("it holds " + some(unexpected) + ", which the model has not");
        if (!wrong.isEmpty())
            why.add(some(wrong));
        if (!why.isEmpty())
            throw new IllegalArgumentException(file + " is of another model: " + String.join("; ", why));
    }

    private static String some(List<String> all) {
        return all.size() <= MANY ? all.toString() : all.subList(0, MANY) + " and " + (all.size() - MANY) + " more";
    }

    private static void assign(TensorFile saved, Link link, Map<String, Variable> state) {
        List<Variable> variables = link.models().stream().map(state::get).toList();
        DType dtype = variables.getFirst().dtype();
        Tensor sum = link.files().stream().map(name -> saved.tensor(name).to(dtype)).reduce(Tensor::add).orElseThrow();
        List<Tensor> values = link.toModel(sum, variables.stream().map(Variable::shape).toList());
        for (int i = 0; i < values.size(); i++)
            variables.get(i).assign(values.get(i));
    }

    private static boolean isNpz(Path file) {
        String name = file.toString();
        if (!name.endsWith(".npz") && !name.endsWith(".safetensors")
                && !name.endsWith(".safetensors" + SafeTensors.INDEX))
            throw new IllegalArgumentException("weights: the name of " + file + " must end in .safetensors or .npz");
        return name.endsWith(".npz");
    }
}
