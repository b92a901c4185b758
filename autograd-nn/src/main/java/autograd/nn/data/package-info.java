/**
 * Data sets: reading them, and serving them in batches.
 *
 * <p>
 * Reading order: {@link autograd.nn.data.Dataset}, {@link autograd.nn.data.Batch},
 * {@link autograd.nn.data.Batches}, {@link autograd.nn.data.Images}, {@link autograd.nn.data.Idx},
 * {@link autograd.nn.data.ImageFolders}.
 */
@NullMarked
package autograd.nn.data;

import org.jspecify.annotations.NullMarked;
