/** Examples, one short file each, started by name. */
module autograd.examples {
    requires autograd.nn;
    requires com.fasterxml.jackson.core;
    requires de.siegmar.fastcsv;
    requires info.picocli;
    requires java.desktop;
    requires jdk.incubator.vector;
    requires jdk.jshell;
    requires me.tongfei.progressbar;
    requires xchart;
    requires VectorGraphics2D;
    requires static org.jspecify;

    opens autograd.examples to info.picocli, autograd.nn;
}
