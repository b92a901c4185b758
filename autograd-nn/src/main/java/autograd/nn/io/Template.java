package autograd.nn.io;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A name with parts between dots, of which those that are {@code *} stand for any: {@code blocks.*.norm}.
 *
 * @param text
 *            the name
 */
record Template(String text) {
    /** How many parts stand for any. */
    int wildcards() {
        return (int) List.of(text.split("\\.")).stream().filter("*"::equals).count();
    }

    /** What the asterisks stand for in a name, and what follows the template in it; null if it does not match. */
    @Nullable
    List<String> match(String name) {
        String[] parts = text.split("\\."), names = name.split("\\.");
        if (names.length < parts.length)
            return null;
        List<String> found = new ArrayList<>();
        for (int i = 0; i < parts.length; i++)
            if (parts[i].equals("*"))
                found.add(names[i]);
            else if (!parts[i].equals(names[i]))
                return null;
        found.add(String.join(".", List.of(names).subList(parts.length, names.length)));
        return found;
    }

    /** Whether it is a name from its first part to its last. */
    boolean matchesAll(String name) {
        List<String> found = match(name);
        return found != null && found.getLast().isEmpty();
    }

    /** The name in which the asterisks stand for these, and the last of them follows. */
    String with(List<String> found) {
        Iterator<String> next = found.iterator();
        StringBuilder name = new StringBuilder();
        for (String part : text.split("\\."))
            name.append(name.isEmpty() ? "" : ".").append(part.equals("*") ? next.next() : part);
        return name + (found.getLast().isEmpty() ? "" : "." + found.getLast());
    }
}
