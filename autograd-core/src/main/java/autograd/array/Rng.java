package autograd.array;

import java.util.random.RandomGenerator;

/**
 * A counter-based random number generator: the n-th number is a function of (key, n) alone, so that its whole
 * state is two numbers and any part of a stream can be replayed. Philox4x32-10 of Salmon, Moraes, Dror and
 * Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011). The same seed gives the same bits on every
 * machine.
 */
public final class Rng implements RandomGenerator {
    private static final int M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    private final long key;
    private long position;
    private final int[] block = new int[4];
    private long blockAt = -1;

    /**
     * Starts the stream of a seed.
     *
     * @param seed
     *            any number
     */
    public Rng(long seed) { this(seed, 0); }

    /**
     * Continues a stream where another generator stood.
     *
     * @param key
     *            as {@link #key()} gave it
     * @param position
     *            as {@link #position()} gave it
     */
    public Rng(long key, long position) {
        this.key = key;
        this.position = position;
    }

    /**
     * Which stream this is.
     *
     * @return the key
     */
    public long key() { return key; }

    /**
     * The number of draws so far.
     *
     * @return the position in the stream
     */
    public long position() { return position; }

    /**
     * Moves to a position of the stream.
     *
     * @param position
     *            where to go on, as {@link #position()} gives it
     */
    public void skipTo(long position) { this.position = position; }

    /**
     * An independent stream that depends only on this key and a label, not on earlier draws.
     *
     * @param label
     *            for example the number of an epoch or of a layer
     * @return a generator at position 0
     */
    public Rng derive(long label) {
        int[] out = new int[4];
        philox(label, 0x6465726976650000L, key, out); // the second counter word keeps it apart from the numbers drawn
        return new Rng(out[0] & 0xFFFFFFFFL | (long) out[1] << 32);
    }

    @Override
    public long nextLong() {
        long at = position >>> 1;
        if (at != blockAt) {
            philox(at, 0, key, block);
            blockAt = at;
        }
        int half = (int) (position++ & 1) * 2;
        return block[half] & 0xFFFFFFFFL | (long) block[half + 1] << 32;
    }

    /**
     * A number from the standard normal distribution, by Box and Muller's transform of one draw.
     *
     * @return mean 0, standard deviation 1
     */
    @Override
    public double nextGaussian() {
        long bits = nextLong();
        double length = ((bits >>> 32) + 0.5) * 0x1p-32, angle = 2 * Math.PI * ((bits & 0xFFFFFFFFL) * 0x1p-32);
        return Math.sqrt(-2 * StrictMath.log(length)) * StrictMath.cos(angle);
    }

    /**
     * A random order of 0 .. n-1, by Fisher and Yates' shuffle.
     *
     * @param n
     *            how many
     * @return a permutation
     */
    public int[] permutation(int n) {
        int[] p = new int[n];
        for (int i = 0; i < n; i++) {
            int j = nextInt(i + 1);
            p[i] = p[j];
            p[j] = i;
        }
        return p;
    }

    /** Ten rounds over the counter (low, high), 64 bits each, under the key. */
    static void philox(long low, long high, long key, int[] out) {
        int c0 = (int) low, c1 = (int) (low >>> 32), c2 = (int) high, c3 = (int) (high >>> 32);
        int k0 = (int) key, k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL), p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0, n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c0 = n0;
            c1 = (int) p1;
            c2 = n2;
            c3 = (int) p0;
            k0 += W0;
            k1 += W1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    @Override
    public String toString() { return "Rng[key=" + key + ", position=" + position + "]"; }
}
