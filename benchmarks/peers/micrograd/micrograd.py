"""A scalar autograd engine of micrograd's design, written anew for comparison, and the work W4 with it.

Each number is an object with its gradient, the numbers it was made from, and a closure that hands its gradient on to
them; backward() sorts them topologically and calls the closures in reverse. Speaks the protocol of Worker.java.
"""
import math
import sys
import time

MARK = "> "


class Value:
    """A number that knows how it was made."""

    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self._parents = set(parents)
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def hand_on():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = hand_on
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def hand_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = hand_on
        return out

    def __pow__(self, p):
        out = Value(self.data**p, (self,))

        def hand_on():
            self.grad += p * self.data ** (p - 1) * out.grad

        out._backward = hand_on
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0.0, (self,))

        def hand_on():
            self.grad += (out.data > 0) * out.grad

        out._backward = hand_on
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for parent in v._parents:
                    visit(parent)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._backward()


def expression():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return a.grad


class Random:
    """Java's SplittableRandom, for the same numbers as the others have."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.seed = seed

    def next_float(self):
        self.seed = (self.seed + 0x9E3779B97F4A7C15) & self.MASK
        z = self.seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53


class Demo:
    """micrograd's demo: an MLP of scalars on points of the plane."""

    SIZES, POINTS, ALPHA, RATE = (2, 16, 16, 1), 100, 1e-4, 0.01

    def __init__(self):
        random = Random(4)
        self.x = [[2 * random.next_float() - 1 for _ in range(2)] for _ in range(self.POINTS)]
        self.y = [1 if math.hypot(p + 1, q + 1) < 1.5 else -1 for p, q in self.x]
        count = sum(n * (m + 1) for m, n in zip(self.SIZES, self.SIZES[1:]))
        random = Random(5)
        drawn = [2 * random.next_float() - 1 for _ in range(count)]
        self.layers, at = [], 0
        for m, n in zip(self.SIZES, self.SIZES[1:]):
            layer = []
            for _ in range(n):
                layer.append(([Value(w) for w in drawn[at : at + m]], Value(0.0)))
                at += m + 1
            self.layers.append(layer)
        self.parameters = [v for layer in self.layers for weights, bias in layer for v in weights + [bias]]

    def score(self, point):
        h = [Value(coordinate) for coordinate in point]
        for i, layer in enumerate(self.layers):
            sums = [sum((w * x for w, x in zip(weights, h)), bias) for weights, bias in layer]
            h = [s.relu() for s in sums] if i < len(self.layers) - 1 else sums
        return h[0]

    def step(self):
        hinges = [(1 + -side * self.score(point)).relu() for point, side in zip(self.x, self.y)]
        loss = sum(hinges) * (1.0 / len(hinges)) + self.ALPHA * sum(p * p for p in self.parameters)
        for p in self.parameters:
            p.grad = 0.0
        loss.backward()
        for p in self.parameters:
            p.data -= self.RATE * p.grad
        return loss.data


def peak_kilobytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def answer(text):
    print(MARK + text, flush=True)


def timed(step, times):
    begin = time.perf_counter_ns()
    for _ in range(times):
        loss = step()
    return f"{(time.perf_counter_ns() - begin) / times:.1f} {loss:.6g}"


def main():
    sys.setrecursionlimit(100_000)  # the sort recurses as deep as the graph is
    work = sys.argv[1]
    if work not in ("W4a", "W4b"):
        answer(f"no {work}: micrograd has scalars only, W4 is all it does")
        return
    step = expression if work == "W4a" else Demo().step
    answer("ready")
    for line in sys.stdin:
        words = line.split()
        answer(timed(step, int(words[1])) if words[0] == "run" else str(peak_kilobytes()))


main()
