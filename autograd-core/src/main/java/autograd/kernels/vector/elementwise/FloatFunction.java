package autograd.kernels.vector.elementwise;

import jdk.incubator.vector.FloatVector;

/** A real function of one or two variables, and of up to two parameters, on vectors. */
@FunctionalInterface
interface FloatFunction {
    /** y of a and b; for a function of one variable b is a again. */
    FloatVector f(FloatVector a, FloatVector b, float p, float q);
}
