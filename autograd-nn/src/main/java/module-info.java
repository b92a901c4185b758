/** Layers, losses, optimizers, data and training, on top of {@code autograd.core}. */
module autograd.nn {
    requires transitive autograd.core;
    requires static de.siegmar.fastcsv;
    requires static org.jspecify;
    requires static me.tongfei.progressbar;

    exports autograd.nn;
    exports autograd.nn.data;
    exports autograd.nn.init;
    exports autograd.nn.metrics;
    exports autograd.nn.optim;
    exports autograd.nn.train;
}
