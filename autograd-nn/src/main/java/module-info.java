/** Layers, losses, optimizers, data and training, on top of {@code autograd.core}. */
module autograd.nn {
    requires transitive autograd.core;
    requires static org.jspecify;

    // optional: for SafeTensors, BytePairEncoding, Csv, Progress and plots
    requires static com.fasterxml.jackson.core;
    requires static de.siegmar.fastcsv;
    requires static me.tongfei.progressbar;
    requires static java.desktop;
    requires static xchart;
    requires static VectorGraphics2D;

    exports autograd.nn;
    exports autograd.nn.data;
    exports autograd.nn.distribution;
    exports autograd.nn.init;
    exports autograd.nn.io;
    exports autograd.nn.metrics;
    exports autograd.nn.optim;
    exports autograd.nn.plot;
    exports autograd.nn.train;
}
