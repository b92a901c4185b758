package autograd.kernels.vector.elementwise;

import jdk.incubator.vector.FloatVector;

/** A function of one or two vectors and up to two parameters. */
@FunctionalInterface
interface FloatFunction {
    /** The value; a function of one variable gets it twice. */
    FloatVector f(FloatVector a, FloatVector b, float p, float q);
}
