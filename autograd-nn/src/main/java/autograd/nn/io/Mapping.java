package autograd.nn.io;

import autograd.nn.Trainable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Maps the tensors of a file to the variables of a model, by names and layouts, in both directions.
 * {@link #same} has the names and layouts of the model, {@link #pyTorch} those of PyTorch's modules. Further
 * methods change the mapping, in the order of the calls:
 *
 * {@snippet :
 * Mapping gpt2 = Mapping.same()
 *         .pack("blocks.*.attn.c_attn.weight", 1, "blocks.*.query.weight", "blocks.*.key.weight",
 *                 "blocks.*.value.weight")
 *         .rename("blocks", "h").rename("h.*.norm1", "h.*.ln_1").ignore("h.*.attn.bias");
 * Weights.load(Path.of("model.safetensors"), model, gpt2);
 * }
 *
 * In names, {@code *} stands for one part between dots; in a pair of names, the asterisks correspond in
 * order.
 */
public final class Mapping {
    private static final Mapping SAME = new Mapping(
            model -> model.state().keySet().stream().map(path -> Link.of(path, path)).toList(), false);
    private static final Mapping PYTORCH = new Mapping(PyTorchNames::links, true);

    private final Function<Trainable, List<Link>> start;
    private final boolean pyTorch;
    private final List<UnaryOperator<List<Link>>> changes;
    private final List<Template> ignored;
    private final boolean partial;
    private final List<Template> demanded;

    private Mapping(Function<Trainable, List<Link>> start, boolean pyTorch) {
        this(start, pyTorch, List.of(), List.of(), false, List.of());
    }

    private Mapping(Function<Trainable, List<Link>> start, boolean pyTorch, List<UnaryOperator<List<Link>>> changes,
            List<Template> ignored, boolean partial, List<Template> demanded) {
        this.start = start;
        this.pyTorch = pyTorch;
        this.changes = changes;
        this.ignored = ignored;
        this.partial = partial;
        this.demanded = demanded;
    }

    /** The names and layouts of the model. */
    public static Mapping same() { return SAME; }

    /**
     * The names and layouts of a PyTorch {@code state_dict}. A layer of this library is the module of PyTorch
     * that computes the same: {@code Dense} is Linear with its weight transposed, {@code MultiHeadAttention}
     * packs {@code in_proj_weight}, {@code Lstm} and {@code Rnn} add their two biases, cells and
     * {@code Recurrent} have {@code weight_ih_l0} and so on, {@code BatchNorm} has {@code running_mean},
     * {@code EncoderBlock} is TransformerEncoderLayer and {@code DecoderBlock} TransformerDecoderLayer. The parts
     * of {@code Sequential} are called 0, 1, .., those of {@code Mlp} 0, 2, .. as if its activations were
     * modules. The components of other records keep their names.
     */
    public static Mapping pyTorch() { return PYTORCH; }

    private Mapping then(UnaryOperator<List<Link>> change) {
        List<UnaryOperator<List<Link>>> all = new ArrayList<>(changes);
        all.add(change);
        return new Mapping(start, pyTorch, List.copyOf(all), ignored, partial, demanded);
    }

    /**
     * Renames tensors.
     *
     * @param from
     *            the current name, or its first parts: {@code blocks.*.norm1}
     * @param to
     *            the replacement in the file: {@code h.*.ln_1}
     * @return the changed mapping
     */
    public Mapping rename(String from, String to) {
        Template before = new Template(from), after = new Template(to);
        demandWildcards(before, after);
        return then(links -> links.stream().map(link -> link.named(link.files().stream().map(file -> {
            List<String> found = before.match(file);
            return found == null ? file : after.with(found);
        }).toList())).toList());
    }

    private static void demandWildcards(Template... templates) {
        for (Template template : templates)
            if (template.wildcards() != templates[0].wildcards())
                throw new IllegalArgumentException("mapping: " + templates[0].text() + " and " + template.text()
                        + " must have as many *");
    }

    /** Matrices of the model, by their paths, that the file stores transposed. */
    public Mapping transpose(String model) {
        return change(model, Link::transpose);
    }

    /**
     * Changes the order of parts of equal size of the last axis, such as gates.
     *
     * @param model
     *            the paths of the variables
     * @param order
     *            the parts of the model in the order of the file, from 0
     * @return the changed mapping
     */
    public Mapping reorder(String model, int... order) {
        List<Integer> all = IntStream.of(order).boxed().toList();
        if (!Link.isOrder(all))
            throw new IllegalArgumentException(
                    "mapping: the order " + all + " of " + model + " must have each of 0.." + (order.length - 1)
                            + " once");
        return change(model, link -> link.ordered(all));
    }

    private Mapping change(String model, UnaryOperator<Link> change) {
        Template template = new Template(model);
        return then(links -> {
            boolean found = links.stream().anyMatch(link -> isOf(link, template));
            if (!found)
                throw new IllegalArgumentException("mapping: the model has no variable " + model
                        + " with a tensor of its own in the file");
            return links.stream().map(link -> isOf(link, template) ? change.apply(link) : link).toList();
        });
    }

    private static boolean isOf(Link link, Template template) {
        return link.models().size() == 1 && template.matchesAll(link.models().getFirst());
    }

    /**
     * Concatenates variables to one tensor of the file.
     *
     * @param file
     *            the name of the tensor, before renaming
     * @param axis
     *            the axis of the variables along which they are concatenated, before transposition
     * @param models
     *            the paths of the variables, in their order, all or none of them transposed
     * @return the changed mapping
     */
    public Mapping pack(String file, int axis, String... models) {
        Template name = new Template(file);
        List<Template> parts = List.of(models).stream().map(Template::new).toList();
        if (parts.isEmpty() || axis < 0)
            throw new IllegalArgumentException("mapping: " + file + " needs variables and an axis of at least 0");
        parts.forEach(part -> demandWildcards(name, part));
        return then(links -> {
            List<Link> all = new ArrayList<>(links);
            List<Link> packed = new ArrayList<>();
            for (Link link : links)
                if (isOf(link, parts.getFirst())) {
                    List<String> found = parts.getFirst().match(link.models().getFirst());
                    List<Link> members = parts.stream().map(part -> member(all, part.with(found))).toList();
                    if (members.stream().anyMatch(m -> m.transposed() != link.transposed()))
                        throw new IllegalArgumentException("mapping: of the variables of " + file
                                + " all or none must be transposed");
                    all.removeAll(members);
                    packed.add(new Link(List.of(name.with(found)),
                            members.stream().map(m -> m.models().getFirst()).toList(), axis, List.of(),
                            link.transposed()));
                }
            if (packed.isEmpty())
                throw new IllegalArgumentException("mapping: the model has no variable " + models[0]);
            all.addAll(packed);
            return List.copyOf(all);
        });
    }

    private static Link member(List<Link> links, String model) {
        return links.stream().filter(link -> link.models().equals(List.of(model))).findFirst().orElseThrow(
                () -> new IllegalArgumentException("mapping: the model has no variable " + model
                        + " with a tensor of its own in the file"));
    }

    /** Tensors of the file to ignore when loading, by the first parts of their names. */
    public Mapping ignore(String file) {
        List<Template> all = new ArrayList<>(ignored);
        all.add(new Template(file));
        return new Mapping(start, pyTorch, changes, List.copyOf(all), partial, demanded);
    }

    /**
     * The same mapping, but loading skips variables without a tensor or with a tensor of another shape, and
     * tensors without a variable. {@link Weights.Report} lists them.
     *
     * @param demanded
     *            the first parts of the paths of variables that must be loaded nevertheless
     * @return the changed mapping
     */
    public Mapping partial(String... demanded) {
        return new Mapping(start, pyTorch, changes, ignored, true,
                List.of(demanded).stream().map(Template::new).toList());
    }

    /** The links of all variables of a model; their names in the file are distinct. */
    List<Link> links(Trainable model) {
        List<Link> links = start.apply(model);
        for (UnaryOperator<List<Link>> change : changes)
            links = change.apply(links);
        Set<String> names = new LinkedHashSet<>();
        for (Link link : links)
            for (String file : link.files())
                if (!names.add(file))
                    throw new IllegalArgumentException(
                            "mapping: two variables would be called " + file + " in the file");
        return links;
    }

    boolean isPyTorch() { return pyTorch; }

    boolean isIgnored(String file) { return ignored.stream().anyMatch(t -> t.match(file) != null); }

    /** Whether loading may skip a variable. */
    boolean spares(String model) {
        return partial && demanded.stream().noneMatch(t -> t.match(model) != null);
    }

    boolean isPartial() { return partial; }
}
