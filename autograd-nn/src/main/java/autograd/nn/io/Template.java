package autograd.nn.io;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A name with parts between dots, in which {@code *} stands for any part: {@code blocks.*.norm}.
 *
 * @param text
 *            the name
 */
record Template(String text) {
    /** The number of asterisks. */
    int wildcards() {
        return (int) List.of(text.split("\\.")).stream().filter("*"::equals).count();
    }

    /** The parts of a name that match the asterisks, then its remainder; null if the name does not match. */
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

    /** Whether the template matches a whole name. */
    boolean matchesAll(String name) {
        List<String> found = match(name);
        return found != null && found.getLast().isEmpty();
    }

    /** The name with these parts for the asterisks, followed by the last of them. */
    String with(List<String> found) {
        Iterator<String> next = found.iterator();
        StringBuilder name = new StringBuilder();
        for (String part : text.split("\\."))
            name.append(name.isEmpty() ? "" : ".").append(part.equals("*") ? next.next() : part);
        return name + (found.getLast().isEmpty() ? "" : "." + found.getLast());
    }
}
