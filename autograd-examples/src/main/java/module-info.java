/** Examples, one short file each, started by name. */
module autograd.examples {
    requires autograd.nn;
    requires info.picocli;
    requires jdk.incubator.vector;
    requires jdk.jshell;
    requires me.tongfei.progressbar;
    requires static org.jspecify;

    opens autograd.examples to info.picocli;
}
