/**
 * Generators for properties of functions of tensors, for anyone's own tests: the artifact of autograd-core
 * with classifier {@code arbitraries}, to be used with jqwik.
 */
@NullMarked
package autograd.arbitraries;

import org.jspecify.annotations.NullMarked;
