package autograd.kernels;

/** How two numbers compare. All but {@link #NE} are false where one of them is NaN. */
public enum Relation {
    /** Equal, as 0 and -0 are. */
    EQ {
        @Override
        boolean holds(double a, double b) { return a == b; }
    },
    /** Different. */
    NE {
        @Override
        boolean holds(double a, double b) { return a != b; }
    },
    /** Less. */
    LT {
        @Override
        boolean holds(double a, double b) { return a < b; }
    },
    /** Less or equal. */
    LE {
        @Override
        boolean holds(double a, double b) { return a <= b; }
    },
    /** Greater. */
    GT {
        @Override
        boolean holds(double a, double b) { return a > b; }
    },
    /** Greater or equal. */
    GE {
        @Override
        boolean holds(double a, double b) { return a >= b; }
    };

    abstract boolean holds(double a, double b);
}
