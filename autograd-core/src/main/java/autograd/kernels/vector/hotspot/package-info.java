/** What HotSpot makes necessary: gates before vector code, specialized classes, species, scratch arrays. */
@NullMarked
package autograd.kernels.vector.hotspot;

import org.jspecify.annotations.NullMarked;
