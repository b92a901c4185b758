/**
 * What the system properties of this library ask for. Not exported.
 *
 * <p>
 * Reading order: {@link autograd.kernels.settings.Settings}.
 */
@NullMarked
package autograd.kernels.settings;

import org.jspecify.annotations.NullMarked;
