package autograd;

import org.jspecify.annotations.Nullable;

/**
 * A node of one or two inputs that are kept without an array: most operations have so few, and graphs of
 * single numbers have millions of them.
 */
final class SmallNode extends Node {
    private @Nullable Tensor first, second;

    SmallNode(int index, OpenTape tape, Op op, Tensor first, @Nullable Tensor second) {
        super(index, tape, op, (Tensor[]) null);
        this.first = first;
        this.second = second;
    }

    Tensor first() { return held(first); }

    Tensor second() { return held(second); }

    @Override
    Tensor[] in() { return second == null ? new Tensor[]{first()} : new Tensor[]{first(), second}; }

    @Override
    void drop() {
        super.drop();
        first = null;
        second = null;
    }
}
