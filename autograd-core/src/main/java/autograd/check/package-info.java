/**
 * Floor 3, is a derivative right? {@link autograd.check.GradCheck} asks the numbers;
 * {@link autograd.check.Explain} says where NaN began.
 */
@NullMarked
package autograd.check;

import org.jspecify.annotations.NullMarked;
