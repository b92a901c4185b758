/**
 * Data sets: reading them, serving them in batches, and encoding text.
 *
 * <p>
 * Reading order: {@link autograd.nn.data.Dataset}, {@link autograd.nn.data.Batch},
 * {@link autograd.nn.data.Batches}, {@link autograd.nn.data.Images}, {@link autograd.nn.data.Idx},
 * {@link autograd.nn.data.ImageFolders}, {@link autograd.nn.data.BytePairEncoding}.
 */
@NullMarked
package autograd.nn.data;

import org.jspecify.annotations.NullMarked;
