/**
 * What a training loop shows and keeps, and one that is ready made.
 *
 * <p>
 * Reading order: {@link autograd.nn.train.Trainer}, {@link autograd.nn.train.TrainerCallback},
 * {@link autograd.nn.train.EarlyStopping}, {@link autograd.nn.train.Checkpoints},
 * {@link autograd.nn.train.CsvLog}, {@link autograd.nn.train.Progress}.
 */
@NullMarked
package autograd.nn.train;

import org.jspecify.annotations.NullMarked;
