package autograd.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine, which take 30 ms to load in a JVM that has just begun. Code that begins
 * without vectors must not have a species among its constants: it asks for this one where it needs it, and
 * for {@link FloatTile#LANES} before. Compiled twice: DoubleSpecies is this file, renamed.
 */
final class FloatSpecies {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private FloatSpecies() {}
}
