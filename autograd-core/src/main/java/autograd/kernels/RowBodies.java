package autograd.kernels;

import autograd.array.Storage;

/**
 * What most programs do with rows first. These bodies have names, because the link of a lambda takes some
 * five milliseconds in a JVM that has just begun.
 */
final class RowBodies {
    private RowBodies() {}

    record Map(Kernels.Fn2 f, Calls calls, Rows rows, Storage a, Storage b, Storage y) implements Rows.Body {
        @Override
        public void row(int i, int j, int k) { calls.map(f, rows.length, a, i, rows.stepA, b, j, rows.stepB, y, k); }
    }

    record Reduce(Kernels.Reduction reduction, Calls calls, Rows rows, Storage x, Storage y) implements Rows.Body {
        @Override
        public void row(int i, int k, int c) {
            calls.reduce(reduction, rows.length, x, i, rows.stepA, y, k, rows.stepB);
        }
    }

    record Copy(Loops loops, Rows rows, Storage from, Storage to) implements Rows.Body {
        @Override
        public void row(int i, int k, int c) { loops.copy(rows.length, from, i, rows.stepA, to, k, rows.stepB); }
    }

    record AllFinite(Loops loops, Rows rows, Storage x, boolean[] finite) implements Rows.Body {
        @Override
        public void row(int i, int k, int c) { finite[0] &= loops.allFinite(rows.length, x, i, rows.stepA); }
    }

    record Widen(Rows rows, float[] from, double[] to) implements Rows.Body {
        @Override
        public void row(int i, int k, int c) {
            if (rows.stepA == 1 && rows.stepB == 1)
                for (int p = 0; p < rows.length; p++)
                    to[k + p] = from[i + p];
            else
                for (int p = 0; p < rows.length; p++)
                    to[k + p * rows.stepB] = from[i + p * rows.stepA];
        }
    }

    record Round(Rows rows, double[] from, float[] to) implements Rows.Body {
        @Override
        public void row(int i, int k, int c) {
            if (rows.stepA == 1 && rows.stepB == 1)
                for (int p = 0; p < rows.length; p++)
                    to[k + p] = (float) from[i + p];
            else
                for (int p = 0; p < rows.length; p++)
                    to[k + p * rows.stepB] = (float) from[i + p * rows.stepA];
        }
    }
}
