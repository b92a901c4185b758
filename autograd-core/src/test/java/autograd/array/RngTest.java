package autograd.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;

class RngTest {
    /** Known answers of the authors' library Random123: counter, key, result, as hexadecimal words. */
    @ParameterizedTest
    @ValueSource(strings = {
            "00000000 00000000 00000000 00000000  00000000 00000000  6627e8d5 e169c58d bc57ac4c 9b00dbd8",
            "ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  408f276d 41c83b0e a20bc7c6 6d5451fd",
            "243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  d16cfe09 94fdcceb 5001e420 24126ea1"})
    void philoxGivesTheKnownAnswers(String line) {
        long[] word = Arrays.stream(line.split(" +")).mapToLong(HexFormat::fromHexDigitsToLong).toArray();
        int[] out = new int[4];
        Rng.philox(word[0] | word[1] << 32, word[2] | word[3] << 32, word[4] | word[5] << 32, out);
        assertArrayEquals(Arrays.stream(word, 6, 10).mapToInt(w -> (int) w).toArray(), out);
    }

    @Test
    void numbersAreTheBlocksInOrder() {
        Rng rng = new Rng(0);
        assertEquals(0xe169c58d6627e8d5L, rng.nextLong());
        assertEquals(0x9b00dbd8bc57ac4cL, rng.nextLong());
        int[] second = new int[4];
        Rng.philox(1, 0, 0, second);
        assertEquals(second[0] & 0xFFFFFFFFL | (long) second[1] << 32, rng.nextLong());
    }

    @Property(tries = 200)
    void continuesFromKeyAndPosition(@ForAll long seed, @ForAll @IntRange(max = 20) int drawn) {
        Rng rng = new Rng(seed);
        for (int i = 0; i < drawn; i++)
            rng.nextLong();
        assertEquals(drawn, rng.position());
        Rng replayed = new Rng(rng.key(), rng.position());
        for (int i = 0; i < 10; i++)
            assertEquals(rng.nextGaussian(), replayed.nextGaussian());
        assertEquals(rng.position(), replayed.position());
    }

    @Test
    void derivedStreamsDependOnKeyAndLabelAlone() {
        Rng a = new Rng(5), b = new Rng(5);
        b.nextLong();
        assertEquals(a.derive(1).nextLong(), b.derive(1).nextLong());
        assertNotEquals(a.derive(1).nextLong(), a.derive(2).nextLong());
        assertNotEquals(a.derive(1).nextLong(), a.derive(1 + (1L << 32)).nextLong(), "all bits of a label count");
        assertNotEquals(a.derive(1).nextLong(), new Rng(6).derive(1).nextLong());
        assertNotEquals(a.nextLong(), new Rng(5).derive(0).key(), "no key may be a number of the stream itself");
        assertEquals(0, a.derive(1).position());
    }

    @Test
    void uniformNumbersHaveTheRightMoments() {
        Rng rng = new Rng(42);
        int n = 200_000;
        double[] x = IntStream.range(0, n).mapToDouble(_ -> rng.nextDouble()).toArray();
        assertEquals(0.5, Arrays.stream(x).average().orElseThrow(), 4 * Math.sqrt(1 / 12.0 / n));
        assertEquals(1 / 12.0, Arrays.stream(x).map(v -> (v - 0.5) * (v - 0.5)).average().orElseThrow(), 0.001);
        assertTrue(Arrays.stream(x).allMatch(v -> v >= 0 && v < 1));
    }

    @Test
    void neighboursAreUncorrelated() {
        Rng rng = new Rng(7);
        int n = 200_000;
        double[] x = IntStream.range(0, n + 4).mapToDouble(_ -> rng.nextDouble() - 0.5).toArray();
        for (int lag = 1; lag <= 4; lag++) {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += x[i] * x[i + lag];
            assertEquals(0, sum / n * 12, 4 / Math.sqrt(n), "lag " + lag);
        }
    }

    /** The Kolmogorov-Smirnov statistic for the normal distribution; 1.95 is the 0.1 % point. */
    @Test
    void gaussiansAreNormal() {
        Rng rng = new Rng(3);
        int n = 100_000;
        double[] x = IntStream.range(0, n).mapToDouble(_ -> rng.nextGaussian()).sorted().toArray();
        double distance = 0;
        for (int i = 0; i < n; i++)
            distance = Math.max(distance, Math.abs(normal(x[i]) - (i + 0.5) / n));
        assertTrue(distance < 1.95 / Math.sqrt(n), "distance " + distance);
        assertTrue(x[0] < -3.5 && x[n - 1] > 3.5, "tails from " + x[0] + " to " + x[n - 1]);
        assertEquals(n, rng.position(), "one draw a number");
    }

    /** The normal distribution function, by Marsaglia's series. */
    private static double normal(double x) {
        double sum = x, term = x;
        for (int i = 3; sum != sum + term && i < 400; i += 2) {
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Property(tries = 200)
    void permutationsHoldEveryNumberOnce(@ForAll long seed, @ForAll @IntRange(max = 50) int n) {
        int[] p = new Rng(seed).permutation(n);
        assertArrayEquals(IntStream.range(0, n).toArray(), IntStream.of(p).sorted().toArray());
        assertArrayEquals(p, new Rng(seed).permutation(n));
    }

    @Test
    void allPermutationsAreEquallyLikely() {
        Rng rng = new Rng(11);
        int n = 24_000;
        int[] count = new int[256];
        for (int i = 0; i < n; i++) {
            int[] p = rng.permutation(4);
            count[p[0] << 6 | p[1] << 4 | p[2] << 2 | p[3]]++;
        }
        int[] seen = IntStream.of(count).filter(c -> c > 0).toArray();
        assertEquals(24, seen.length);
        double chi2 = IntStream.of(seen).mapToDouble(c -> (c - 1000.0) * (c - 1000.0) / 1000).sum();
        assertTrue(chi2 < 49.7, "chi squared with 23 degrees of freedom " + chi2); // the 0.1 % point
    }
}
