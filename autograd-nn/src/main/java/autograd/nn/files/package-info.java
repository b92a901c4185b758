/**
 * Opening files, and saying why that failed. Not exported.
 *
 * <p>
 * Reading order: {@link autograd.nn.files.InputFile}.
 */
@NullMarked
package autograd.nn.files;

import org.jspecify.annotations.NullMarked;
