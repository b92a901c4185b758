package autograd.nn;

import java.util.Locale;

/** A layer as one line of text. */
final class Described {
    private Described() {}

    /** Its name, its sizes and how many numbers it holds: {@code Dense(784 -> 128), 100,480}. */
    static String of(Trainable layer, Object... sizes) {
        StringBuilder all = new StringBuilder();
        for (Object size : sizes)
            all.append(all.isEmpty() || size.equals("") ? "" : ", ").append(size);
        long numbers = State.numbers(layer);
        return layer.getClass().getSimpleName() + "(" + all + ")"
                + (numbers == 0 ? "" : String.format(Locale.ROOT, ", %,d", numbers));
    }
}
