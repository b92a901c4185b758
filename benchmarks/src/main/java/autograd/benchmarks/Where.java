package autograd.benchmarks;

/**
 * Prints what a script needs to start a program as Maven would: the Java it has found, and the class path.
 */
final class Where {
    private Where() {}

    static void main() {
        IO.println("java=" + System.getProperty("java.home") + "/bin/java");
        IO.println("classpath=" + System.getProperty("java.class.path"));
    }
}
