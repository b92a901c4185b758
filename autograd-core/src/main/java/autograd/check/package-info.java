/**
 * Floor 3, is a derivative right? {@link autograd.check.GradCheck} asks the numbers;
 * {@link autograd.check.Explain} says where NaN began.
 *
 * <p>
 * Reading order: {@link autograd.check.GradCheck}, {@link autograd.check.Slope} (the numeric side),
 * {@link autograd.check.Comparison}, {@link autograd.check.Report}.
 */
@NullMarked
package autograd.check;

import org.jspecify.annotations.NullMarked;
