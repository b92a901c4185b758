package autograd.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import autograd.array.Layout;
import autograd.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RowsTest {
    /** Where rows begin, in each layout. */
    private static List<List<Integer>> begins(Rows rows) {
        List<List<Integer>> out = new ArrayList<>();
        rows.forEach((i, j, k) -> out.add(List.of(i, j, k)));
        return out;
    }

    @Test
    void contiguousArraysAreOneRow() {
        Layout x = Layout.of(Shape.of(2, 3, 4));
        Rows rows = new Rows(x, x);
        assertEquals(24, rows.length);
        assertEquals(1, rows.stepA);
        assertEquals(List.of(List.of(0, 0, 0)), begins(rows));
    }

    @Test
    void axesOfExtentOneDoNotMatter() {
        Layout a = Layout.of(Shape.of(2, 1, 3)), b = Layout.of(Shape.of(1, 2, 3)).permute(1, 0, 2);
        assertEquals(6, new Rows(a, b).length);
    }

    @Test
    void axesAreMergedWhereAllAdvanceEvenly() {
        Layout a = Layout.of(Shape.of(2, 3, 4)), b = Layout.of(Shape.of(3, 4)).broadcastTo(a.shape());
        Rows rows = new Rows(a, b);
        assertEquals(12, rows.length);
        assertEquals(List.of(List.of(0, 0, 0), List.of(12, 0, 0)), begins(rows));
    }

    @Test
    void rowsComeInRowMajorOrder() {
        Layout a = Layout.of(Shape.of(2, 3)), b = Layout.of(Shape.of(3, 2)).permute(1, 0);
        Rows rows = new Rows(a, b, Layout.of(Shape.of(1, 3)).broadcastTo(a.shape()));
        assertEquals(3, rows.length);
        assertEquals(List.of(1, 2, 1), List.of(rows.stepA, rows.stepB, rows.stepC));
        assertEquals(List.of(List.of(0, 0, 0), List.of(3, 1, 0)), begins(rows));
    }

    @Test
    void aScalarIsARowAndNothingIsNone() {
        assertEquals(1, begins(new Rows(Layout.of(Shape.SCALAR), Layout.of(Shape.SCALAR))).size());
        assertEquals(0, begins(new Rows(Layout.of(Shape.of(3, 0)), Layout.of(Shape.of(3, 0)))).size());
    }
}
