package autograd.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Starts Spark for a test, and examples to train on. */
final class Cluster {
    /** Two executors, processes of their own, with a core each. */
    static final String PROCESSES = "local-cluster[2,1,1024]";

    private Cluster() {}

    /** Runs something on a Spark of its own, with settings given as {@code key=value}. */
    static <R> R run(String master, Function<JavaSparkContext, R> body, String... settings) {
        var conf = new SparkConf().setMaster(master).setAppName("test").set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR")
                .set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1");
        if (master.startsWith("local-cluster"))
            processes(conf);
        for (String setting : settings)
            conf.set(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        try (var spark = new JavaSparkContext(conf)) {
            return body.apply(spark);
        }
    }

    /** Executors get this JVM's Java and class path; Spark's launcher only wants a home with a folder of jars. */
    private static void processes(SparkConf conf) {
        try {
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        conf.set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
                .set("spark.executor.memory", "512m").set("spark.executor.extraJavaOptions", "-Xss2m");
    }

    /** Points in space, and on which side of a curved surface they are. */
    static List<Example> points(int count) {
        var random = new Random(5);
        List<Example> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float a = (float) random.nextGaussian(), b = (float) random.nextGaussian(), c = random.nextFloat();
            points.add(new Example(new float[]{a, b, c}, a * b + c > 0.4f ? 1 : 0));
        }
        return points;
    }

    static JavaRDD<Example> points(JavaSparkContext spark, int count, int slices) {
        return spark.parallelize(points(count), slices);
    }
}
