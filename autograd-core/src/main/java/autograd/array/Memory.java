package autograd.array;

import org.jspecify.annotations.Nullable;

/** An array that a {@link Scope} may take back. */
abstract sealed class Memory permits Storage, Elements {
    /** Who may take the numbers back. */
    @Nullable
    Scope scope;
    /** How many cotangents look at the numbers, so that they must not be taken back yet. */
    int holds;

    /** Lets go of the numbers, which reading is an error from now on. */
    abstract Object release();

    static IllegalStateException released() {
        return new IllegalStateException("this tensor was made inside minimize(..) or under a scoped tape, and was "
                + "released when that ended; read what is needed inside, for example by item() or toFloatArray()");
    }
}
