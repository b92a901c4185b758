package autograd.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.nn.Losses;
import autograd.nn.Mlp;
import autograd.nn.optim.Sgd;

import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

import java.util.List;

class ColumnsTest {
    private static final StructType COLUMNS = new StructType().add("vector", SQLDataTypes.VectorType())
            .add("array", DataTypes.createArrayType(DataTypes.FloatType)).add("a.number", DataTypes.DoubleType)
            .add("label", DataTypes.IntegerType).add("text", DataTypes.StringType);

    private static Row row(Example e) {
        float[] x = e.features();
        return RowFactory.create(Vectors.dense(x[0]), List.of(x[1]), (double) x[2], (int) e.label()[0], "?");
    }

    private static SparkTraining<Mlp> training() {
        return new SparkTraining<>(rng -> Mlp.of(rng, 3, 4, 2), Loss.classes(Losses::sparseSoftmaxCrossEntropy),
                _ -> new Sgd(0.1)).batch(40);
    }

    private static Dataset<Row> table(List<Row> rows) {
        return SparkSession.builder().getOrCreate().createDataFrame(rows, COLUMNS);
    }

    @Test
    void vectorsArraysAndNumbersAreReadAsOneRowOfFeatures() {
        List<Example> points = Cluster.points(100);
        Cluster.run("local[2]", spark -> {
            Dataset<Row> rows = table(points.stream().map(ColumnsTest::row).toList());
            assertArrayEquals(SparkTrainingTest.bits(training().fit(spark.parallelize(points))), SparkTrainingTest
                    .bits(training().fit(rows, List.of("vector", "array", "a.number"), List.of("label"))));
            return null;
        });
    }

    @Test
    void aColumnThatCannotBeReadIsNamed() {
        Cluster.run("local[1]", _ -> {
            Dataset<Row> rows = table(List.of(row(Cluster.points(1).getFirst())));
            assertSays(rows, "nothing", "there is no column nothing", "a.number");
            assertSays(rows, "text", "column text", "String");
            return null;
        });
    }

    private static void assertSays(Dataset<Row> rows, String column, String... facts) {
        String message = assertThrows(Exception.class, () -> training().fit(rows, List.of(column), List.of("label")))
                .getMessage();
        for (String fact : facts)
            assertTrue(message.contains(fact), message);
    }
}
