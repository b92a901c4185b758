/** Arithmetic with hundreds of digits, to compare floating-point numbers with. */
@NullMarked
package autograd.digits;

import org.jspecify.annotations.NullMarked;
