package autograd.nn.io;

import autograd.Tensor;
import autograd.array.Shape;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The header of an npy file: a magic number, a version, a length, and a dictionary in Python's notation.
 *
 * @param type
 *            the type of the numbers
 * @param order
 *            the byte order
 * @param fortran
 *            whether the first index varies fastest
 * @param shape
 *            the shape of the array
 * @param length
 *            the number of bytes of the header
 */
record NpyHeader(Stored type, ByteOrder order, boolean fortran, Shape shape, int length) {
    private static final byte[] MAGIC = "\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ALIGNMENT = 64;
    /** NumPy leaves room for the first extent to grow to this many digits. */
    private static final int DIGITS = 21;
    private static final int MAX_LENGTH = 0xFFFF;
    /** A key and its value: a string, a boolean, or integers, which Python 2 ended with L. */
    private static final Pattern ITEM = Pattern.compile("\\s*+['\"](descr|fortran_order|shape)['\"]\\s*+:\\s*+"
            + "(?:['\"]([^'\"]*+)['\"]|(True|False)|\\(([\\d\\sL,]*+)\\))\\s*+(,|})");

    /** The header of a tensor, byte for byte as NumPy writes it. */
    static byte[] of(Tensor x) {
        return of(Stored.of(x), x.shape());
    }

    /** The header of little-endian numbers of a type and a shape. */
    static byte[] of(Stored type, Shape extents) {
        var dims = Arrays.stream(extents.dims()).mapToObj(String::valueOf).toList();
        String shape = "(" + String.join(", ", dims) + (dims.size() == 1 ? ",)" : ")");
        String text = "{'descr': '" + (type.size == 1 ? "|" : "<") + type.numpy + "', 'fortran_order': False, 'shape': "
                + shape + ", }"
                + (dims.isEmpty() ? "" : " ".repeat(DIGITS - dims.getFirst().length()));
        int used = MAGIC.length + 4 + text.length() + 1;
        text += " ".repeat(ALIGNMENT - used % ALIGNMENT) + "\n";
        return ByteBuffer.allocate(MAGIC.length + 4 + text.length()).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC)
                .put((byte) 1).put((byte) 0).putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII)).array();
    }

    /** Reads a header of any version; messages contain the name. */
    static NpyHeader read(InputStream in, String name) throws IOException {
        byte[] magic = bytes(in, MAGIC.length + 2, name);
        if (!Arrays.equals(MAGIC, Arrays.copyOf(magic, MAGIC.length)))
            throw new IllegalArgumentException(name + " is not an array of NumPy: it does not begin with \\x93NUMPY");
        int version = magic[MAGIC.length];
        if (version < 1 || version > 3 || magic[MAGIC.length + 1] != 0)
            throw new IllegalArgumentException(name + " is of version " + version + "." + magic[MAGIC.length + 1]
                    + " of the npy format, only 1.0, 2.0 and 3.0 are read");
        int width = version == 1 ? Short.BYTES : Integer.BYTES;
        int size = ByteBuffer.wrap(Arrays.copyOf(bytes(in, width, name), Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (size < 0 || size > MAX_LENGTH)
            throw new IllegalArgumentException(name + " says that its header has " + Integer.toUnsignedString(size)
                    + " bytes, at most " + MAX_LENGTH + " are read; it does not hold a plain array");
        String text = new String(bytes(in, size, name), StandardCharsets.ISO_8859_1);
        return parse(text, magic.length + width + size, name);
    }

    private static byte[] bytes(InputStream in, int count, String name) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count)
            throw new IllegalArgumentException(name + " is truncated: it ends within its header; fetch it again");
        return bytes;
    }

    /** Items in braces, separated by commas; a comma after the last item is optional. */
    private static NpyHeader parse(String text, int length, String name) {
        Map<String, Matcher> items = new HashMap<>();
        if (!text.startsWith("{"))
            throw bad(text, name);
        int at = 1;
        boolean open = true; // until the closing brace
        while (open && !text.startsWith("}", at)) {
            Matcher item = ITEM.matcher(text).region(at, text.length());
            if (!item.lookingAt() || items.put(item.group(1), item) != null)
                throw bad(text, name);
            at = item.end();
            while (at < text.length() && text.charAt(at) == ' ')
                at++;
            open = item.group(5).equals(",");
        }
        if (!text.substring(open ? at + 1 : at).isBlank() || items.size() != 3)
            throw bad(text, name);
        return of(items, text, length, name);
    }

    private static NpyHeader of(Map<String, Matcher> items, String text, int length, String name) {
        String descr = items.get("descr").group(2), fortran = items.get("fortran_order").group(3),
                shape = items.get("shape").group(4);
        if (descr == null || fortran == null || shape == null)
            throw bad(text, name);
        return new NpyHeader(type(descr, name), order(descr), fortran.equals("True"),
                Stored.shape(dims(shape, text, name), name), length);
    }

    /** The byte order; if the description does not say, the order of the machine. */
    private static ByteOrder order(String descr) {
        return switch (descr.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
    }

    private static Stored type(String descr, String name) {
        return Stream.of(Stored.values()).filter(t -> t != Stored.BF16)
                .filter(t -> descr.matches("[<>=|]?" + t.numpy)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " holds numbers of NumPy's dtype " + descr
                        + ", which are not read; convert them with astype('float32')"));
    }

    /** The elements of a tuple: (), (2,), (2, 3), perhaps with a trailing comma. */
    private static List<Long> dims(String tuple, String text, String name) {
        String list = tuple.strip();
        if (list.isEmpty())
            return List.of();
        if (!list.matches("\\d{1,18}+L?+(\\s*+,\\s*+\\d{1,18}+L?+)*+\\s*+,?") || !list.contains(","))
            throw bad(text, name);
        return Arrays.stream(list.split("\\s*,\\s*")).map(d -> Long.valueOf(d.replace("L", "")))
                .toList();
    }

    private static IllegalArgumentException bad(String text, String name) {
        return new IllegalArgumentException(name + " does not hold a plain array: its header is "
                + text.substring(0, Math.min(text.length(), 200)).strip());
    }

    /** The number of bytes of memory that the array takes. */
    long memory() { return type.memory(shape); }

    /** Throws unless header and numbers together have the given number of bytes. */
    void check(long bytes, String name) {
        long promised = length + type.bytes(shape);
        if (promised != bytes)
            throw new IllegalArgumentException(name + " should have " + promised + " bytes for " + type + " " + shape
                    + ", but it has " + bytes + "; it is truncated or too long, fetch it again");
    }
}
