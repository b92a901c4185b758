package autograd.nn.io;

import autograd.IntTensor;
import autograd.Mask;
import autograd.Tensor;
import autograd.array.Shape;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The tensors in the header of a safetensors file.
 *
 * @param tensors
 *            in the order of the header
 */
record SafeTensorsHeader(SequencedMap<String, Entry> tensors) {
    /** A tensor: its numbers are the bytes from begin to end, counted from the end of the header. */
    record Entry(Stored type, Shape shape, long begin, long end) {}

    /** The order of the format's own library: by descending width, so that all are aligned, then by name. */
    private static final Comparator<Map.Entry<String, Stored>> ORDER = Comparator.<Map.Entry<String, Stored>>comparingInt(
            e -> -e.getValue().size)
            .thenComparing(e -> e.getKey().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /**
     * The header of tensors by name: {@code Tensor}s, in their own type or all in one, {@code IntTensor}s and
     * {@code Mask}s.
     */
    static SafeTensorsHeader of(Map<String, ?> tensors, @Nullable FloatType floats, String file) {
        Map<String, Stored> types = new LinkedHashMap<>();
        tensors.forEach((name, x) -> types.put(name, switch (x) {
            case Tensor t -> floats == null ? Stored.of(t) : floats.stored;
            case IntTensor _ -> Stored.I64;
            case Mask _ -> Stored.BOOL;
            default -> throw new IllegalArgumentException(file + ": tensor " + name + " is a "
                    + x.getClass().getSimpleName() + "; it must be a Tensor, an IntTensor or a Mask");
        }));
        var entries = new LinkedHashMap<String, Entry>();
        long[] at = new long[1];
        types.entrySet().stream().sorted(ORDER).forEach(e -> {
            Shape shape = shape(tensors.get(e.getKey()));
            Stored.demandRank(shape.rank(), file + ": tensor " + e.getKey());
            long begin = at[0];
            at[0] += e.getValue().bytes(shape);
            entries.put(e.getKey(), new Entry(e.getValue(), shape, begin, at[0]));
        });
        return new SafeTensorsHeader(entries);
    }

    private static Shape shape(Object tensor) {
        return switch (tensor) {
            case Tensor t -> t.shape();
            case IntTensor i -> i.shape();
            default -> ((Mask) tensor).shape();
        };
    }

    /** The tensors in the order of their bytes. */
    List<Map.Entry<String, Entry>> byOffset() {
        return tensors.entrySet().stream().sorted(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue()
                .begin()).thenComparingLong(e -> e.getValue().end())).toList();
    }

    /** Throws unless the tensors cover all bytes after the header, without gaps and overlaps. */
    void check(long bytes, String name) {
        long end = 0;
        for (var e : byOffset()) {
            Entry t = e.getValue();
            if (t.begin != end)
                throw new IllegalArgumentException(
                        what(e, name) + " begins at byte " + t.begin + ", but the one before ends at "
                                + end + "; tensors may leave no hole and not overlap");
            if (t.end - t.begin != t.type.bytes(t.shape))
                throw new IllegalArgumentException(what(e, name) + " of " + t.type + " " + t.shape + " needs "
                        + t.type.bytes(t.shape) + " bytes, but its offsets are " + t.begin + " and " + t.end);
            end = t.end;
        }
        if (end != bytes)
            throw new IllegalArgumentException(name + " holds " + bytes + " bytes of numbers, but its header describes "
                    + end + "; it is truncated or too long, fetch it again");
    }

    private static String what(Map.Entry<String, Entry> tensor, String name) {
        return name + ": tensor " + tensor.getKey();
    }
}
