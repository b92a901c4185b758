package autograd.nn.plot;

import java.awt.Color;

/** Colours that are easy to distinguish; green means right, red means wrong. */
final class Palette {
    static final Color RIGHT = new Color(0x1B, 0x7F, 0x37), WRONG = new Color(0xC6, 0x28, 0x28);

    private static final int[] SERIES = {0x1F77B4, 0xD95F02, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x7F7F7F,
            0xBCBD22, 0x17BECF};

    private Palette() {}

    /** The colour of a series or a class. */
    static Color of(int i) { return new Color(SERIES[i % SERIES.length]); }

    /** Interpolates between white, at 0, and the colour, at 1. */
    static Color tint(Color c, double strength) {
        return new Color(mix(c.getRed(), strength), mix(c.getGreen(), strength), mix(c.getBlue(), strength));
    }

    private static int mix(int part, double strength) { return (int) Math.round(255 + (part - 255) * strength); }
}
