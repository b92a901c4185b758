package autograd.viz;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes data as JSON that may stand inside a script element of a page. */
final class Json {
    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /** The text of maps, lists, strings, numbers, booleans and null. */
    static String of(@Nullable Object data) {
        Json json = new Json();
        json.write(data);
        return json.out.toString();
    }

    private void write(@Nullable Object data) {
        switch (data) {
            case Map<?, ?> map -> {
                String between = "{";
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    out.append(between);
                    string(e.getKey().toString());
                    out.append(':');
                    write(e.getValue());
                    between = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String between = "[";
                for (Object element : list) {
                    out.append(between);
                    write(element);
                    between = ",";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case String s -> string(s);
            case null, default -> out.append(data);
        }
    }

    /** Anything that could end the script or a line in it is written as its number. */
    private void string(String s) {
        out.append('"');
        for (char c : s.toCharArray())
            if (c == '"' || c == '\\')
                out.append('\\').append(c);
            else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029'
                    || Character.isSurrogate(c))
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else
                out.append(c);
        out.append('"');
    }
}
