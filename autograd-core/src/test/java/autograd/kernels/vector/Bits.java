package autograd.kernels.vector;

import autograd.array.DType;
import autograd.array.NdArray;
import autograd.array.Rng;
import autograd.array.Shape;

/** Prints the bits of products, to be compared with those of another JVM. */
final class Bits {
    private Bits() {}

    static void main() {
        int[][] sizes = {{64, 65, 300}, {700, 33, 64}, {1, 900, 700}, {900, 1, 700}, {13, 500, 99}, {7, 7, 7}};
        for (DType dtype : DType.values())
            for (int[] s : sizes) {
                print(random(dtype, false, s[0], s[2]), random(dtype, s[0] > s[1], s[2], s[1]));
                print(random(dtype, true, s[0], s[2]), random(dtype, s[0] < s[1], s[2], s[1]));
            }
        print(random(DType.F32, false, 30, 20, 40), random(DType.F32, false, 30, 40, 50));
    }

    private static void print(NdArray a, NdArray b) {
        long hash = 0;
        NdArray c = Products.matmul(a, b);
        for (int i = 0; i < c.size(); i++)
            hash = 31 * hash + Double.doubleToLongBits(c.storage().get(i));
        IO.println(a.shape() + " x " + b.shape() + " " + c.dtype() + " " + Long.toHexString(hash));
    }

    private static NdArray random(DType dtype, boolean turn, int... dims) {
        Rng rng = new Rng(dims[0]);
        NdArray x = NdArray.zeros(dtype, turn ? Shape.of(dims[1], dims[0]) : Shape.of(dims));
        for (int i = 0; i < x.size(); i++)
            x.storage().set(i, rng.nextGaussian());
        return turn ? x.permute(1, 0) : x;
    }
}
