package autograd;

/** Functions of one number that {@link Math} lacks. */
final class Special {
    // Rational Chebyshev approximations of W. J. Cody, Mathematics of Computation 23 (1969), highest power first
    private static final double[] ERF_P = {1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2,
            3.77485237685302021e2, 3.20937758913846947e3};
    private static final double[] ERF_Q = {1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
            2.84423683343917062e3};
    private static final double[] ERFC_P = {2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594,
            6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3,
            2.05107837782607147e3, 1.23033935479799725e3};
    private static final double[] ERFC_Q = {1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2,
            1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3,
            1.23033935480374942e3};
    private static final double[] TAIL_P = {1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
            1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4};
    private static final double[] TAIL_Q = {1, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1,
            6.05183413124413191e-2, 2.33520497626869185e-3};

    private Special() {}

    private static double polynomial(double[] coefficients, double x) {
        double sum = 0;
        for (double c : coefficients)
            sum = sum * x + c;
        return sum;
    }

    static double erf(double x) {
        if (Math.abs(x) <= 0.46875)
            return x * polynomial(ERF_P, x * x) / polynomial(ERF_Q, x * x);
        double tail = 1 - erfc(Math.abs(x));
        return x < 0 ? -tail : tail;
    }

    static double erfc(double x) {
        double y = Math.abs(x);
        if (y <= 0.46875)
            return 1 - erf(x);
        if (y >= 27)
            return x < 0 ? 2 : 0; // below the smallest double
        double ratio;
        if (y <= 4) {
            ratio = polynomial(ERFC_P, y) / polynomial(ERFC_Q, y);
        } else {
            double z = 1 / (y * y);
            ratio = (1 / Math.sqrt(Math.PI) - z * polynomial(TAIL_P, z) / polynomial(TAIL_Q, z)) / y;
        }
        double near = Math.floor(y * 16) / 16; // its square is exact, so that e^(-y^2) keeps its digits
        double tail = Math.exp(-near * near) * Math.exp(-(y - near) * (y + near)) * ratio;
        return x < 0 ? 2 - tail : tail;
    }

    static double normalCdf(double x) { return 0.5 * erfc(-x * Math.sqrt(0.5)); }

    /**
     * As IEEE 754 has it: where {@link Math#pow} says NaN, a power of 1 is 1, and an infinite power of -1 too.
     */
    static double pow(double a, double b) { return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b); }

    static double log2(double x) {
        if (!(x > 0) || x == Double.POSITIVE_INFINITY)
            return Math.log(x);
        if (x < Double.MIN_NORMAL)
            return log2(x * 0x1p54) - 54;
        int exponent = Math.getExponent(x);
        double mantissa = Math.scalb(x, -exponent);
        if (mantissa > Math.sqrt(2)) { // so that nothing cancels just below a power of two
            mantissa /= 2;
            exponent++;
        }
        return exponent + Math.log(mantissa) / Math.log(2);
    }

    static double asinh(double x) {
        double a = Math.abs(x);
        double y = a > 0x1p28 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(y, x);
    }

    static double acosh(double x) {
        if (x > 0x1p28)
            return Math.log(x) + Math.log(2);
        double t = x - 1;
        return Math.log1p(t + Math.sqrt(2 * t + t * t));
    }

    static double atanh(double x) {
        double a = Math.abs(x);
        return Math.copySign(0.5 * Math.log1p(2 * a / (1 - a)), x);
    }
}
