package autograd.kernels.vector.hotspot;

import autograd.kernels.vector.gemm.FloatMicroKernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine, which take 30 ms to load in a JVM that has just begun. Code that begins
 * without vectors must not have a species among its constants: it asks for this one where it needs it, and
 * for {@link FloatMicroKernel#LANES} before. Compiled twice: DoubleSpecies is this file, renamed.
 */
public final class FloatSpecies {
    public static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private FloatSpecies() {}
}
