package autograd.spark;

import java.io.Serializable;
import java.util.Arrays;

/**
 * An example to learn from.
 *
 * @param features
 *            the input of the model, as many numbers for each example
 * @param label
 *            the right answer: the number of a class, from 0, or as many numbers for each example
 */
public record Example(float[] features, float[] label) implements Serializable {
    /** An example of a class, from 0. */
    public Example(float[] features, int label) {
        this(features, new float[]{label});
    }

    /** How many features there are, then the features and the label: what is sent between executors. */
    float[] packed() {
        float[] packed = new float[1 + features.length + label.length];
        packed[0] = features.length; // exact to 2^24
        System.arraycopy(features, 0, packed, 1, features.length);
        System.arraycopy(label, 0, packed, 1 + features.length, label.length);
        return packed;
    }

    static float[] features(float[] packed) { return Arrays.copyOfRange(packed, 1, 1 + (int) packed[0]); }

    static float[] label(float[] packed) { return Arrays.copyOfRange(packed, 1 + (int) packed[0], packed.length); }
}
