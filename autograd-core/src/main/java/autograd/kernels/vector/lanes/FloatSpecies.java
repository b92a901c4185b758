package autograd.kernels.vector.lanes;

import jdk.incubator.vector.VectorSpecies;

/** The widest vectors of floats on this machine. Compiled twice: DoubleSpecies is this file, renamed. */
public final class FloatSpecies {
    public static final VectorSpecies<Float> S = VectorSpecies.of(float.class, VectorRegisters.SHAPE);

    private FloatSpecies() {}
}
