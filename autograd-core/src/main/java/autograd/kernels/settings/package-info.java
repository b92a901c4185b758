/**
 * The system properties of this library. Not exported.
 *
 * <p>
 * Reading order: {@link autograd.kernels.settings.Settings}.
 */
@NullMarked
package autograd.kernels.settings;

import org.jspecify.annotations.NullMarked;
