/**
 * Pictures of training and its results, as PNG or SVG files, without a display. Charts need the library
 * {@code org.knowm.xchart:xchart}, SVG needs {@code de.erichseifert.vectorgraphics2d:VectorGraphics2D}.
 *
 * <p>
 * Reading order: {@link autograd.nn.plot.Plot}, {@link autograd.nn.plot.Chart},
 * {@link autograd.nn.plot.HeatMap}, {@link autograd.nn.plot.ImageGrid}.
 */
@NullMarked
package autograd.nn.plot;

import org.jspecify.annotations.NullMarked;
