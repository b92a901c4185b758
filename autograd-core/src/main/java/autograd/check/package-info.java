/** Floor 3, is a derivative right? {@link autograd.check.GradCheck} asks the numbers. */
@NullMarked
package autograd.check;

import org.jspecify.annotations.NullMarked;
