package autograd.nn.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Data in the headers of a PNG or JPEG file that the JDK's reader ignores: the orientation of the camera
 * (JEITA CP-3451, Exif 2.32, tag 0x0112), and how many colours a JPEG has.
 */
final class Exif {
    /** As it is stored. */
    static final int UPRIGHT = 1;
    private static final int ORIENTATION = 0x0112, SHORT = 3, ENTRY = 12;
    private static final byte[] NAME = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private Exif() {}

    /** How a JPEG is to be turned and mirrored, 1 .. 8. */
    static int ofJpeg(byte[] file) {
        int[] orientation = {UPRIGHT};
        segments(file, (marker, segment) -> {
            if (marker == 0xE1 && Arrays.equals(bytes(segment, NAME.length), NAME))
                orientation[0] = orientation(segment.slice(NAME.length, segment.remaining() - NAME.length));
        });
        return orientation[0];
    }

    /** The number of colours of a JPEG; 0 if it is unknown. */
    static int coloursOfJpeg(byte[] file) {
        int[] colours = new int[1];
        segments(file, (marker, segment) -> {
            boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
            if (frame && segment.remaining() > 5)
                colours[0] = segment.get(5) & 0xFF;
        });
        return colours[0];
    }

    private interface Segment {
        void at(int marker, ByteBuffer content);
    }

    /** Visits the segments before the pixels. */
    private static void segments(byte[] file, Segment visit) {
        var in = ByteBuffer.wrap(file);
        int at = 2;
        while (at + 4 <= file.length && file[at] == (byte) 0xFF) {
            int marker = file[at + 1] & 0xFF, length = in.getShort(at + 2) & 0xFFFF;
            if (marker == 0xFF) // a byte that fills
                at++;
            else if (marker == 0xDA || length < 2 || at + 2 + length > file.length)
                return;
            else {
                visit.at(marker, in.slice(at + 4, length - 2));
                at += 2 + length;
            }
        }
    }

    /** How a PNG is to be turned and mirrored, 1 .. 8. */
    static int ofPng(byte[] file) {
        var in = ByteBuffer.wrap(file);
        for (int at = 8; at + 12 <= file.length;) {
            int length = in.getInt(at);
            if (length < 0 || length > file.length - at - 12)
                return UPRIGHT;
            if (new String(file, at + 4, 4, StandardCharsets.US_ASCII).equals("eXIf"))
                return orientation(in.slice(at + 8, length));
            at += 12 + length;
        }
        return UPRIGHT;
    }

    /** Of a TIFF structure; where it is damaged, the image is taken as it is stored. */
    private static int orientation(ByteBuffer tiff) {
        if (tiff.remaining() < 8)
            return UPRIGHT;
        String order = new String(bytes(tiff, 2), StandardCharsets.US_ASCII);
        tiff.order(order.equals("II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long first = tiff.getInt(4) & 0xFFFF_FFFFL;
        if (first + 2 > tiff.limit())
            return UPRIGHT;
        int count = tiff.getShort((int) first) & 0xFFFF;
        for (int i = 0; i < count; i++) {
            long entry = first + 2 + (long) i * ENTRY;
            if (entry + ENTRY > tiff.limit())
                return UPRIGHT;
            int at = (int) entry, value = tiff.getShort(at + 8);
            if ((tiff.getShort(at) & 0xFFFF) == ORIENTATION)
                return tiff.getShort(at + 2) == SHORT && value >= 1 && value <= 8 ? value : UPRIGHT;
        }
        return UPRIGHT;
    }

    private static byte[] bytes(ByteBuffer from, int count) {
        byte[] bytes = new byte[Math.min(count, from.remaining())];
        from.get(from.position(), bytes);
        return bytes;
    }
}
