"""Checks a certificate about a family of critical points for all real d in a range, infinity included.

    python checker.py CERTIFICATE.json ...        exit status 0: all accepted; 1: one refused; 2: one unreadable

It uses nothing but python-flint, mpmath and the standard library: no line is shared with the program that made the
certificate. The loss is L(W) = 1/2 E (sum_i relu(w_i.x) - sum_j relu(e_j.x))^2, x standard normal. The columns come in
blocks of n_b(d) columns; an orbit of rows is *attached* to a block a (n_a rows u + delta e_i, i in block a) or *free* (one
row u), u being constant on blocks. These few numbers x_r are the entries, and d a real parameter of their equations.

How it is proved. Put s = d^(-1/2), x_r = known_r(s) + s^(m_r) y_r, and E_r = s^(-e_r) dL/dx_r, by single matrix entries. On
an interval of s let Y be the set of functions y(s) = sum_{j<L} y_j t^j + t^L rho(t), t = s - centre, with y_j within radius_j
of c_j and |rho| <= radius_L. With any matrix C(s), if the enclosure

    K = c - C E(c) + (I - C E'(Y)) (Y - c)

lies inside Y coefficient by coefficient, then y -> y - C E(y) maps Y to itself and contracts: Y contains one zero of E. If
moreover |I - C E'(Y)| shrinks the box Y(s) for each s, the zero is the only one in Y(s), and regular: so the zeros form one
branch (Krawczyk 1969, in the algebra of Taylor polynomials with a remainder). The signs of the Hessian's eigenvalues are
those of the pivots of L D L^T of its blocks, one for each isotypic type. Written densely, to be audited in one sitting.
"""
# fmt: off
from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import namedtuple
from functools import cached_property, reduce
from itertools import chain, pairwise

from flint import arb, arb_mat, arb_poly, arb_series, ctx, fmpq, fmpq_poly
from mpmath.ctx_iv import MPIntervalContext

FORMAT = "symrelu certificate 1"
BITS, LONGEST = 160, 96  # precision; the most coefficients of a series
DEPTH = 64  # bisections in a row that a sign may cost
class Refused(Exception):
    """What the certificate claims is not proved."""
def require(proved, what):
    if not proved: raise Refused(what)

# ---- numbers: Taylor polynomials with a remainder -------------------------------------------------------------------
class Line:
    """Functions of s in [low, high] about a centre; `u` contains every t = s - centre.

    The centre may be a ball (then without low and high): the coefficients are those at every s in it, t being formal.
    """
    def __init__(self, centre, order, low=None, high=None):
        self.centre, self.order, self.over_pi, self._powers, self._exact = arb(centre), order, 1 / arb.pi(), {}, {}
        self.low, self.high = (arb(0), arb(0)) if low is None else (arb(low - centre), arb(high - centre))
        self.u, self.at_zero = self.low.union(self.high), self.centre.is_zero()
    def power(self, k):
        """s^k, k any integer."""
        if self.at_zero: return Model(self, arb_poly([1]), self.order, k)
        if k not in self._powers:
            s = Model(self, arb_poly([self.centre, 1]), self.order)
            self._powers[k] = 1 / self.power(-k) if k < 0 else s * self.power(k - 1) if k else self.constant(1)
        return self._powers[k]
    def constant(self, value): return Model(self, arb_poly([value]), self.order)
    def exact(self, polynomial):
        """The value of a polynomial in d, of rational coefficients."""
        if (key := str(polynomial)) not in self._exact:
            terms = [c * self.power(-2 * j) for j, c in enumerate(polynomial.coeffs()) if c != 0]
            self._exact[key] = sum(terms, 0)
        return self._exact[key]
    @staticmethod
    def sqrt(x):
        require(isinstance(x, Model), "a root of zero")
        return x.sqrt()
    @staticmethod
    def atan(x): return x.start().atan() + (x.derivative() / (1 + x * x)).integral() if isinstance(x, Model) else 0
    @staticmethod
    def beyond_atan(x):
        """x - atan x, as the integral of x^2 x'/(1 + x^2): nothing cancels."""
        return (x.start() - x.start().atan()) + (x * x * x.derivative() / (1 + x * x)).integral()
    @staticmethod
    def sign(x):
        """+1 or -1, proved on the whole interval (for s > 0)."""
        return x.sign(x.line.low, x.line.high)
    def dominates(self, x, y):
        """Whether x is much larger than y, at s = 0 if that is the centre."""
        return x.v < y.v if self.at_zero else abs(self.rough(x)) > 2 * abs(self.rough(y))
    @staticmethod
    def rough(x):
        """About the value at the centre, or in the middle if that is 0: for choices that need no proof."""
        if isinstance(x, int): return float(x)
        t = x.line.u.mid() if x.line.at_zero else arb(0)
        return float((x.p(t) * t**x.v).mid())

class Model:
    """f = t^v (p_0 + ... + p_{n-1} t^(n-1) + t^n p_n): for each t there are numbers p_j in the balls with this value.

    p_0, ..., p_{n-1} are constants, p_n depends on t. Only about s = 0 can v be other than 0: exact zeros are taken off.
    """
    __slots__ = ("line", "n", "p", "v")
    def __init__(self, line, p, n, v=0):
        if line.at_zero:
            zeros = next((k for k in range(min(n, len(p))) if not p[k].is_zero()), min(n, len(p)))
            p, n, v = p.right_shift(zeros), n - zeros, v + zeros
        self.line, self.v, self.n = line, v, min(n, line.order)
        self.p = folded(p, self.n, line.u)
    def _known(self, of):
        """`of` the series of p, up to t^n."""
        return arb_poly(list(of(arb_series(self.p.truncate(self.n).coeffs(), self.n)))) if self.n else arb_poly()
    def _with_rest(self, y, h, v): return Model(self.line, y + arb_poly([h]).left_shift(self.n), self.n, v)
    def sqrt(self):
        """With y = sqrt(p) up to t^n, p - y^2 = t^n h, so sqrt(p) - y = t^n h/(sqrt(p) + y)."""
        require(self.v % 2 == 0 and self.values > 0, "a root of a number that is not proved positive")
        y = self._known(arb_series.sqrt)
        h = (self.p - y * y).right_shift(self.n)(self.line.u)
        return self._with_rest(y, h / (self.values.sqrt() + range_of(y, self.line)), self.v // 2)
    def inverse(self):
        """With y = 1/p up to t^n, 1 - p y = t^n h, so 1/p - y = t^n h/p."""
        require(self.values > 0 or self.values < 0, "a quotient by a number that is not proved different from 0")
        y = self._known(lambda p: 1 / p)
        return self._with_rest(y, (1 - self.p * y).right_shift(self.n)(self.line.u) / self.values, -self.v)
    def start(self):
        """The value at the centre."""
        require(self.v >= 0, "an angle of a function with a pole")
        return self.p[0] if self.v == 0 else arb(0)
    def derivative(self):
        """In t, the p_j being held fixed, p_n too (at one t after the other)."""
        require(self.n + self.v > 0, "nothing is known of a derivative")
        return Model(self.line, self.p.left_shift(self.v).derivative(), self.n + self.v - 1)
    def integral(self):
        """From t = 0, for the same p_j: that of t^n p_n(t) is t^(n+1)/(n+1) times a mean of p_n."""
        return Model(self.line, self.p.left_shift(self.v).integral(), self.n + self.v + 1)
    @property
    def values(self):
        """A ball with the values of p = t^-v f."""
        return range_of(self.p, self.line)
    def _other(self, x): return x if isinstance(x, Model) else self.line.constant(x)
    def __add__(self, other):
        if isinstance(other, int) and other == 0: return self
        other = self._other(other)
        v = min(self.v, other.v)
        p = self.p.left_shift(self.v - v) + other.p.left_shift(other.v - v)
        return Model(self.line, p, min(self.n + self.v, other.n + other.v) - v, v)
    def __mul__(self, other):
        if isinstance(other, int) and other == 0: return 0
        other = self._other(other)
        return Model(self.line, self.p * other.p, min(self.n, other.n), self.v + other.v)
    def __neg__(self): return Model(self.line, -self.p, self.n, self.v)
    def __sub__(self, other): return self + -other
    def __rsub__(self, other): return -self + other
    def __truediv__(self, other): return self * (1 / other)
    def __rtruediv__(self, other): return self.inverse() * other
    __radd__, __rmul__ = __add__, __mul__
    def coefficients(self, count):
        """Of 1, t, ..., t^(count-1), and the remainder."""
        require(self.v >= 0, "a function has a pole at s = 0")
        require(self.n + self.v >= count, f"a function is known to order {self.n + self.v} only")
        p = folded(self.p.left_shift(self.v), count, self.line.u)
        return [p[j] for j in range(count + 1)]
    def over(self, a, b):
        """A ball with the values of p(t) = t^-v f for t in [a, b]."""
        return values_on(self.p, a.union(b))
    def sign(self, a, b):
        """+1 or -1, proved for t in [a, b], s > 0."""
        sign = 1 if self.over(a, a) > 0 else -1
        require(everywhere(lambda x, y: sign * self.over(x, y) > 0, a, b), "a sign is not proved")
        return sign
    def at_most(self, bound, k, a, b):
        """Whether |f| <= bound s^k is proved for t in [a, b]."""
        def holds(x, y):
            t = x.union(y)
            return abs(self.over(x, y) * power(t, self.v)) <= bound * power(self.line.centre + t, k)
        return everywhere(holds, a, b)
    def bound(self):
        """An upper bound of |f| on the interval."""
        require(self.v >= 0, "a function has a pole at s = 0")
        return (self.p(self.line.u) * power(self.line.u, self.v)).abs_upper()

def folded(p, n, u):
    """p with all from t^n on in one remainder t^n r."""
    return p if len(p) <= n + 1 else p.truncate(n) + arb_poly([p.right_shift(n)(u)]).left_shift(n)
def power(x, k):
    """x^k by products (an arb power of a ball around 0 is nan)."""
    return x * power(x, k - 1) if k else arb(1)
def everywhere(holds, a, b, depth=DEPTH):
    """Whether holds(x, y) on parts [x, y] of [a, b], which is bisected where needed."""
    if holds(a, b): return True
    middle = ((a + b) / 2).mid()
    return depth > 0 and all(everywhere(holds, *half, depth - 1) for half in ((a, middle), (middle, b)))
def values_on(p, ball):
    """A ball with the values of a polynomial, expanded about the middle."""
    return p(arb_poly([ball.mid(), 1]))(ball - ball.mid())
def range_of(p, line, pieces=8):
    """A ball with the values of a polynomial on the interval, piece by piece."""
    ends = [line.low + (line.high - line.low) * k / pieces for k in range(pieces + 1)]
    return reduce(arb.union, [values_on(p, a.union(b)) for a, b in pairwise(ends)])

# ---- the shape of a family: rows, columns, tensors; all counting is exact, in Q[d] ----------------------------------
Tensor = namedtuple("Tensor", "orbit entry")  # entry(i, b, h): the integer in row i of the orbit, column h of block b
Type = namedtuple("Type", "name dimension marked tensors")
D, ONE, NONE = fmpq_poly([0, 1]), fmpq_poly([1]), fmpq_poly([0])
def XI(i): return (i == 0) - (i == 1)
def ETA(i): return (i == 2) - (i == 3)
def _in_block(block, f):
    """f(i, h) in the columns of one block, zero elsewhere."""
    return lambda i, b, h: f(i, h) if b == block else 0

class Shape:
    """Orbits of rows: first the students', then the targets' (one for each block that has a teacher). `homes[R]`: the
    block of R, or None. Columns of a pair of rows i, j have kinds: "i" and "j" their own ones, b any other of block b.
    """
    def __init__(self, sizes, rows, teacher):
        home = [None if n == 1 else b for b, n in enumerate(sizes)]
        self.sizes, self.students = sizes, range(len(rows))
        self.targets = [(b, home[b]) for b, carries in enumerate(teacher) if carries]
        self.homes = [None if a is None else home[a] for a in rows] + [a for _, a in self.targets]
        self.signs = [1] * len(rows) + [-1] * len(self.targets)
        self.entries = [(R, b, own) for R in self.students for b in range(len(sizes))
                        for own in ([True, False] if b == self.homes[R] else [False])]
        self.names = [f"diag{R + 1}" if own else f"off{R + 1}" if b == self.homes[R] else f"w{R + 1}{b + 1}"
                      for R, b, own in self.entries]
    def count(self, R): return ONE if self.homes[R] is None else self.sizes[self.homes[R]]
    def classes(self, R, Q):
        """The rows j of Q other than i of R: (whether j has the index of i, their number)."""
        if self.homes[R] is None or self.homes[R] != self.homes[Q]: return [(False, self.count(Q))] if R != Q else []
        return [(True, ONE)] * (R != Q) + [(False, self.count(Q) - 1)]
    def all_classes(self, R): return [(Q, same) for Q in range(len(self.signs)) for same, _ in self.classes(R, Q)]
    def columns(self, R, Q, same):
        """(kind, number) of the columns of a pair."""
        a, b = self.homes[R], None if same else self.homes[Q]
        rest = [(c, n - (c == a) - (c == b)) for c, n in enumerate(self.sizes)]
        return [(k, ONE) for k, home in (("i", a), ("j", b)) if home is not None] + [(c, n) for c, n in rest if n != 0]
    @cached_property
    def types(self):
        """The isotypic types, each with tensors that span its part of the matrices once (one vector of the type's space).

        With xi = e_0 - e_1, eta = e_2 - e_3 on marked indices (of another block in s_a*s_b): t: the entries; s_a: xi in
        rows, columns, diagonals; x_a, y_a: xi_i eta_l -+ eta_i xi_l; s_a*s_b: xi_i eta_l and eta_i xi_l.
        """
        sizes, found = self.sizes, [Type("t", ONE, {}, [self._entry(*entry) for entry in self.entries])]
        hosts, proper = {self.homes[R] for R in self.students}, [b for b, n in enumerate(self.sizes) if n != 1]
        for a in proper:
            n = sizes[a]
            found.append(Type(f"s{a + 1}", n - 1, {a: 2}, [T for R in self.students for T in self._standard(R, a)]))
            for name, sign, dimension in (("x", -1, (n - 1) * (n - 2)), ("y", 1, n * (n - 3))):
                own = [Tensor(R, _in_block(a, lambda i, h, e=sign: XI(i) * ETA(h) + e * ETA(i) * XI(h)))
                       for R in self.students if self.homes[R] == a]
                found += [Type(f"{name}{a + 1}", dimension / 2, {a: 4}, own)] if a in hosts else []
            for b in [b for b in proper if b > a and hosts & {a, b}]:
                pairs = [Tensor(R, _in_block(b if self.homes[R] == a else a, lambda i, h: XI(i) * XI(h)))
                         for R in self.students if self.homes[R] in (a, b)]
                found.append(Type(f"s{a + 1}*s{b + 1}", (n - 1) * (sizes[b] - 1), {a: 2, b: 2}, pairs))
        return found
    def _entry(self, R, block, own):
        home = self.homes[R]
        return Tensor(R, lambda i, b, h: int(b == block and (b != home or (h == i) == own)))
    def _standard(self, R, a):
        if self.homes[R] != a: return [Tensor(R, _in_block(a, lambda i, h: XI(h)))]
        inside = [lambda i, h: XI(i) * (h == i), lambda i, h: XI(i) * (h != i), lambda i, h: XI(h) * (h != i)]
        # With two columns the last two are the same up to sign.
        own = [Tensor(R, _in_block(a, f)) for f in (inside[:2] if self.sizes[a] == 2 else inside)]
        return own + [Tensor(R, _in_block(b, lambda i, h: XI(i))) for b in range(len(self.sizes)) if b != a]
    def pairs(self, R, Q, same, marked):
        """(i, j, number): the pairs of a class, i and j marked indices 0, 1, ..., or "i", "j" for all others; None if free."""
        a, b = self.homes[R], self.homes[Q]
        for i, many in self._indices(a, "i", marked, ()):
            if same: yield i, i, many
            else: yield from ((i, j, many * n) for j, n in self._indices(b, "j", marked, (i,) if a == b else ()))
    def _indices(self, block, anonymous, marked, taken):
        if block is None: return [(None, ONE)]
        named = [i for i in range(marked.get(block, 0)) if i not in taken]
        rest = self.sizes[block] - marked.get(block, 0) - ("i" in taken)
        return [(i, ONE) for i in named] + [(anonymous, rest)]
    def spread(self, T, index, R, Q, same, i, j, marked):
        """For each kind of column, the sum of T's row `index` over the columns of this kind."""
        a, b, sums = self.homes[R], None if same else self.homes[Q], {}
        for c, n in enumerate(self.sizes):
            labels = dict.fromkeys([*range(marked.get(c, 0)), *(x for x, home in ((i, a), (j, b)) if home == c)], 1)
            for label, number in [*labels.items(), ("rest", n - len(labels))]:
                kind = "i" if c == a and label == i else "j" if c == b and label == j else c
                sums[kind] = sums.get(kind, 0) + number * T.entry(index, c, label)
        return {kind: value for kind, value in sums.items() if value != 0}
    def weights(self, T, X, R, Q, same, across, marked):
        """Sums over the pairs (i, j) of a class: {(k, h): T_i on kind k times X_i (across: X_j) on kind h}; T_i . X_j."""
        table, dot = {}, NONE
        for i, j, number in self.pairs(R, Q, same, marked):
            other = j if across else i
            right = self.spread(X, other, R, Q, same, i, j, marked)
            for k, x in self.spread(T, i, R, Q, same, i, j, marked).items():
                for h, y in right.items(): table[k, h] = table.get((k, h), 0) + number * x * y
            both = Tensor(None, lambda _, c, h, i=i, other=other: T.entry(i, c, h) * X.entry(other, c, h))
            dot += number * sum(self.spread(both, None, R, Q, same, i, j, marked).values(), NONE)
        return {key: value for key, value in table.items() if value != 0}, dot
    def norm(self, T): return self.weights(T, T, T.orbit, T.orbit, True, False, {})[1]
    @cached_property
    def directions(self):
        """For each entry: how often columns of its own row count in it, and those of the rows of each class."""
        def ways(T): return self._mean(T, T.orbit, True), {key: self._mean(T, *key) for key in self.all_classes(T.orbit)}
        return [ways(self._entry(*entry)) for entry in self.entries]
    def _mean(self, T, Q, same):
        sums, norm = {}, self.norm(T)
        for i, j, number in self.pairs(T.orbit, Q, same, {}):
            for kind, n in self.spread(T, i, T.orbit, Q, same, i, j, {}).items():
                sums[kind] = sums.get(kind, 0) + number * n
        return {kind: n // norm for kind, n in sums.items()}
    @cached_property
    def plans(self):
        """For each type the lower triangle of its block: (orbit, own weights, those within a row, those between rows)."""
        return {kind.name: [[self._plan(kind.marked, T, X) for X in kind.tensors[: a + 1]]
                            for a, T in enumerate(kind.tensors)] for kind in self.types}
    def _plan(self, marked, T, X):
        R, own, within = T.orbit, None, {}
        if X.orbit == R:
            own = self.weights(T, X, R, R, True, False, marked)
            within = {key: self.weights(T, X, R, *key, False, marked)[0] for key in self.all_classes(R)}
        between = [(X.orbit, same) for same, _ in self.classes(R, X.orbit)]
        return R, own, within, {key: self.weights(T, X, R, *key, True, marked) for key in between}

# ---- the loss: gradient and Hessian blocks over pi, in any arithmetic (a Line, a Spot) ------------------------------
Row = namedtuple("Row", "home own generic")
class Pair:
    """Rows w, v (row i, row j): c = w.v, S = |w| |v| sin theta, M = |w|^2 v - c w, N = |v|^2 w - c v, cancelling nowhere.

    near: theta is, or tends to, almost 0 or pi. 1 - theta/pi = half + angle/pi, half being exact.
    """
    def __init__(self, numbers, columns, w, v, same):
        self.numbers, self.columns = numbers, [(k, numbers.exact(n)) for k, n in columns]
        own = "i" if same else "j"
        self.w = {k: w.own if k == "i" else w.generic[v.home if k == "j" else k] for k, _ in columns}
        self.v = {k: v.own if k == own else v.generic[w.home if k == "i" else k] for k, _ in columns}
        self.A, self.B, self.c = self.dot(self.w, self.w), self.dot(self.v, self.v), self.dot(self.w, self.v)
        self.M, self.N = self.across(self.w, self.v), self.across(self.v, self.w)
        minors = [(m * n, self.w[k] * self.v[h] - self.w[h] * self.v[k])
                  for a, (k, m) in enumerate(self.columns) for h, n in self.columns[:a]]
        self.S = numbers.sqrt(sum((number * (x * x) for number, x in minors), 0))  # Lagrange's identity
        self.near = not isinstance(self.c, int) and numbers.dominates(self.c, self.S)
        self.half = numbers.exact(fmpq_poly([fmpq(1 + numbers.sign(self.c), 2) if self.near else fmpq(1, 2)]))
    def dot(self, x, y): return sum((m * (x[k] * y[k]) for k, m in self.columns), 0)
    def across(self, x, y):
        """|x|^2 y - (x.y) x."""
        return {k: self.dot(x, {h: x[h] * y[k] - x[k] * y[h] for h in x}) for k in x}
    @cached_property
    def angle(self): return -self.numbers.atan(self.S / self.c) if self.near else self.numbers.atan(self.c / self.S)
    @cached_property
    def mixed(self):
        """S w v^T/(A B) + M N^T/(A B S): with phi I the Hessian's part from row j to row i."""
        scale, w, v = 1 / (self.A * self.B), self.w, self.v
        left, right = scale * self.S, scale / self.S
        return {(k, h): left * (w[k] * v[h]) + right * (self.M[k] * self.N[h]) for k in w for h in v}
    @cached_property
    def within(self):
        """M M^T/(A^2 S): with (S/A) (I - w w^T/A) the Hessian's part on row i."""
        scale = 1 / (self.A * self.A * self.S)
        return {(k, h): scale * (x * y) for k, x in self.M.items() for h, y in self.M.items()}
    def push(self, k):
        """Column k of the gradient (S/A) w + (pi - theta) v, but half pi v, and but (S/A) w where not near."""
        if not self.near: return self.angle * self.v[k]
        u = self.S / self.c
        return self.numbers.beyond_atan(u) * self.v[k] - u / self.A * self.M[k]

class Twin:
    """Two pairs (w, v), (w, v'), neither near, that count with opposite signs: differences in which nothing cancels.

    r and q, 1 or -1, tell which of c - r c' and M - q M' is small; the formulas hold for both.
    """
    near = False
    def __init__(self, one, two):
        self.one, self.two, rough = one, two, one.numbers.rough
        self.r = r = 1 if rough(one.c) * rough(two.c) > 0 else -1
        self.q = 1 if rough(one.dot(one.M, two.M)) > 0 else -1
        self.dv = self._change(r)
        self.dc = one.dot(one.w, self.dv)
        self.S = (one.A * (one.B - two.B) - self.dc * (one.c + r * two.c)) / (one.S + two.S)
    def _change(self, r): return {k: x - r * self.two.v[k] for k, x in self.one.v.items()}
    @cached_property
    def angle(self):
        """atan(c/S) - r atan(c'/S')."""
        one, two, r = self.one, self.two, self.r
        below = one.S * two.S + r * (one.c * two.c)
        require(one.numbers.sign(below) > 0, "two angles differ by more than a right one")
        return one.numbers.atan((self.dc * two.S - r * (two.c * self.S)) / below)
    @cached_property
    def within(self):
        """M M^T/(A^2 S) - M' M'^T/(A^2 S')."""
        one, two, q = self.one, self.two, self.q
        dM, scale = one.across(one.w, self._change(q)), 1 / (one.A * one.A * one.S)
        bend = scale * self.S / two.S
        return {(k, h): scale * (dM[k] * one.M[h] + q * (two.M[k] * dM[h])) - bend * (two.M[k] * two.M[h])
                for k in dM for h in dM}
    def push(self, k): return self.angle * self.one.v[k] + self.r * (self.two.angle * self.dv[k])

class Network:
    """Students and targets of a shape at a point; `point[r]` is the entry r."""
    def __init__(self, shape, numbers, point):
        self.shape, self.numbers, self._pairs = shape, numbers, {}
        x, blocks = dict(zip(shape.entries, point, strict=True)), range(len(shape.sizes))
        homes = [shape.homes[R] for R in shape.students]
        self.rows = [Row(a, x.get((R, a, True)), [x[R, b, False] for b in blocks]) for R, a in enumerate(homes)]
        self.rows += [Row(a, 1, [int(a is None and b == c) for c in blocks]) for b, a in shape.targets]
    def pair(self, R, Q, same):
        if (R, Q, same) not in self._pairs:
            columns = self.shape.columns(R, Q, same)
            self._pairs[R, Q, same] = Pair(self.numbers, columns, self.rows[R], self.rows[Q], same)
        return self._pairs[R, Q, same]
    @cached_property
    def norms(self):
        """|w|^2 for each orbit of students."""
        first = len(self.shape.students)
        return [self.pair(R, first, self.shape.classes(R, first)[0][0]).A for R in self.shape.students]
    @cached_property
    def parts(self):
        """For each orbit the pairs of one of its rows, {class: (sign, pair)}, a target and its nearest student as twins."""
        return [self._parts(R) for R in self.shape.students]
    def _parts(self, R):
        homes, rough = self.shape.homes, self.numbers.rough
        found = {key: (self.shape.signs[key[0]], self.pair(R, *key)) for key in self.shape.all_classes(R)}
        for T, same in [key for key, (sign, _) in found.items() if sign < 0]:
            target = found[T, same][1]
            alike = [(abs(rough(pair.S) - rough(target.S)), key) for key, (sign, pair) in found.items()
                     if sign > 0 and isinstance(pair, Pair) and homes[key[0]] == homes[T] and key[1] == same
                     and not pair.near and not target.near]
            if alike:
                nearest = min(alike)[1]
                found[nearest] = 1, Twin(found[nearest][1], target)
                del found[T, same]
        return found
    @cached_property
    def bends(self):
        """For each orbit the sums of +-S/A over the pairs of a row that are not near, and over those that are."""
        return [self._bend(R) for R in self.shape.students]
    def _bend(self, R):
        sums = [0, 0]
        for (Q, same), (sign, part) in self.parts[R].items():
            number = self.numbers.exact(dict(self.shape.classes(R, Q))[same])
            sums[part.near] = sums[part.near] + sign * (number * part.S)
        return [x / self.norms[R] for x in sums]
    def _sum(self, weights, value): return sum((self.numbers.exact(n) * value(k) for k, n in weights.items()), 0)
    def gradient(self):
        """2 dL/d(entry), by single matrix entries. What is linear in the rows comes first: there zeros are exact."""
        return [self._component(R, *ways) for (R, _, _), ways in zip(self.shape.entries, self.shape.directions, strict=True)]
    def _component(self, R, own, others):
        here = self._sum(own, lambda k: self._value(R, k))
        linear, rest = here, self.bends[R][0] * here
        for (Q, same), kinds in others.items():
            pair, sign = self.pair(R, Q, same), self.shape.signs[Q]
            linear = linear + sign * (pair.half * self._sum(kinds, pair.v.__getitem__))
        for key, (sign, part) in self.parts[R].items(): rest = rest + sign * self._sum(others[key], part.push)
        return linear + rest * self.numbers.over_pi
    def _value(self, R, kind): return self.rows[R].own if kind == "i" else self.rows[R].generic[kind]
    def block(self, name):
        """The lower triangle of 2 D^2 L on the tensors of a type."""
        return [[self._product(*plan) for plan in row] for row in self.shape.plans[name]]
    def _product(self, R, own, within, mixed):
        """<T, H X>: what has no factor 1/pi is summed apart, there zeros are exact."""
        exact, plain, rest = self.numbers.exact, 0, 0
        if own is not None:  # kappa (I - w w^T/A) + w w^T/A, kappa = 1 + sum of +-S/(pi A)
            weights, dot = own
            along = self._sum(weights, lambda kh: self._value(R, kh[0]) * self._value(R, kh[1]))
            plain, rest = exact(dot), (self.bends[R][0] + self.bends[R][1]) * (exact(dot) - along / self.norms[R])
            for key, (sign, part) in self.parts[R].items():
                rest = rest + sign * self._sum(within[key], part.within.__getitem__)
        for key, (weights, dot) in mixed.items():
            pair, number = self.pair(R, *key), exact(dot)
            plain = plain + number * pair.half
            rest = rest + (self._sum(weights, pair.mixed.__getitem__) + number * pair.angle)
        return plain + rest * self.numbers.over_pi

# ---- the proof: one branch, its signs, its crossings ----------------------------------------------------------------
class Problem:
    """The equations E of a shape in scaled unknowns: x_r = known_r(s) + s^(m_r) y_r, E_r = s^(-e_r) dL/dx_r (2 pi/pi)."""
    def __init__(self, shape, scaling):
        self.shape, self.scaling, self.norms = shape, scaling, [shape.norm(T) for T in shape.types[0].tensors]
    def network(self, line, y):
        return Network(self.shape, line, [self.entry(line, z, x) for z, x in zip(self.scaling, y, strict=True)])
    @staticmethod
    def entry(line, z, y):
        return sum((line.exact(fmpq_poly([c])) * line.power(j) for j, c in enumerate(z.known)), line.power(z.m) * y)
    def order(self, network, name):
        """An order of pivots in which a nearly singular direction comes last: found with floats, nothing depends on it."""
        size, order = range(len(self.shape.plans[name])), []
        B = [[network.numbers.rough(x) for x in row] for row in network.block(name)]
        B = [[B[max(i, j)][min(i, j)] for j in size] for i in size]
        scale = [abs(B[i][i]) or 1.0 for i in size]
        while len(order) < len(B):
            best = max((i for i in size if i not in order), key=lambda i: abs(B[i][i]) / scale[i])
            order.append(best)
            pivot = B[best][best] or 1e-300
            B = [[B[i][j] - B[i][best] * B[best][j] / pivot for j in size] for i in size]
        return order
    def pivots(self, network, name, order):
        """Of L D L^T of the block of a type, its tensors taken in this order: their signs are those of the eigenvalues."""
        B = network.block(name)
        rows = [[B[max(i, j)][min(i, j)] for j in order[: k + 1]] for k, i in enumerate(order)]
        for k, row in enumerate(rows):
            for i in range(k + 1, len(rows)):
                factor = rows[i][k] / row[k]
                for j in range(k + 1, i + 1): rows[i][j] = rows[i][j] - factor * rows[j][k]
        return [row[-1] for row in rows]
    def equations(self, line, network):
        return [line.power(-z.e) * g for z, g in zip(self.scaling, network.gradient(), strict=True)]
    def jacobian(self, line, network):
        """dE_r/dy_q = s^(m_q - e_r) B_rq / |T_r|^2, B the block of the trivial type."""
        B, norms, z = network.block("t"), [1 / line.exact(n) for n in self.norms], self.scaling
        size = range(len(B))
        return [[line.power(z[q].m - z[r].e) * (norms[r] * B[max(r, q)][min(r, q)]) for q in size] for r in size]
    def slope(self, line, y):
        """The Jacobian's balls at constant unknowns y."""
        fixed = self.network(line, [line.constant(x) for x in y])
        return fixed, arb_mat([[x.p[0] for x in row] for row in self.jacobian(line, fixed)])

class Segment:
    """An interval of s with the set Y of functions; the constructor proves that Y contains one branch of zeros."""
    def __init__(self, problem, centre, low, high, coefficients, radii):
        self.problem, self.low, self.high, self.count = problem, low, high, len(coefficients[0])
        extra = 0 if centre else 2 + max(z.m for z in problem.scaling)
        line = self.line = Line(centre, self.count + extra, low, high)
        self.radii = [[arb(r) for r in row] for row in radii]
        middle = [Model(line, arb_poly([arb(c) for c in row]), line.order) for row in coefficients]
        spread = [Model(line, arb_poly([arb(0, r) for r in row]), self.count) for row in self.radii]
        self.y = [c + r for c, r in zip(middle, spread, strict=True)]
        self.network = problem.network(line, self.y)
        self._contract(problem.equations(line, problem.network(line, middle)), spread)
    def _contract(self, residual, spread):
        size, J = range(len(spread)), self.problem.jacobian(self.line, self.network)
        C = self._inverse([[entry.coefficients(self.count) for entry in row] for row in J])
        rest = [[int(i == j) - sum((C[i][k] * J[k][j] for k in size), 0) for j in size] for i in size]
        for i in size:
            shift = sum((C[i][k] * residual[k] for k in size), 0).coefficients(self.count)
            image = sum((rest[i][k] * spread[k] for k in size), 0).coefficients(self.count)
            inside = all(abs(a).abs_upper() + abs(b).abs_upper() < r
                         for a, b, r in zip(shift, image, self.radii[i], strict=True))
            require(inside, f"no branch is proved: K leaves Y in unknown {i}")
            moved = sum((rest[i][k].bound() * spread[k].bound() for k in size), arb(0))
            require(moved < spread[i].bound(), f"the zero is not proved unique in unknown {i}")
    def _inverse(self, J):
        """About the inverse of J as a polynomial in t; nothing depends on how good it is."""
        size, orders = range(len(J)), range(self.count)
        parts = [arb_mat([[J[r][q][k].mid() for q in size] for r in size]) for k in orders]
        found = [parts[0].inv().mid()]
        for k in orders[1:]:
            total = sum((parts[j] * found[k - j] for j in range(1, k + 1)), arb_mat(len(J), len(J)))
            found.append((found[0] * total * -1).mid())
        return [[Model(self.line, arb_poly([c[i, j] for c in found]), self.line.order) for j in size] for i in size]
    def at(self, a, b):
        """Balls with the unknowns for s in [a, b]."""
        t = (arb(a) - self.line.centre).union(arb(b) - self.line.centre)
        return [y.over(t, t) * power(t, y.v) for y in self.y]
    def entry(self, r): return self.problem.entry(self.line, self.problem.scaling[r], self.y[r])
    def rest_at_most(self, r, n, known, bound, end):
        """Whether |x_r - sum_{j<n} a_j s^j| <= bound s^n for s <= end; about s = 0 the a_j are x_r's own, and cancel."""
        line, x = self.line, self.entry(r)
        end = line.high.min(end - line.centre)
        if line.at_zero:
            rest = Model(line, x.p.left_shift(x.v).right_shift(n), x.n + x.v - n)
            return rest.at_most(bound, 0, line.low, end)
        rest = x - sum((a * line.power(j) for j, a in enumerate(known[:n])), 0)
        return rest.at_most(bound, n, line.low, end)
    def counts(self, names, crossings):
        """For each type the numbers of negative eigenvalues, by ascending d: one, or two where one eigenvalue crosses zero."""
        return {name: self._count(name, crossings.get(name)) for name in names}
    def _count(self, name, crossing):
        line, order = self.line, self.problem.order(self.network, name)
        pivots = self.problem.pivots(self.network, name, order)
        if crossing is None: return [sum(line.sign(x) < 0 for x in pivots)]
        a, b = crossing
        require(self.low < a < b < self.high, "a crossing is not inside its segment")
        near, far = pivots[-1].sign(arb(b) - line.centre, line.high), pivots[-1].sign(line.low, arb(a) - line.centre)
        require(near != far, f"type {name} does not change sign where a crossing is claimed")
        self._require_simple(name, order, a, b)
        others = sum(line.sign(x) < 0 for x in pivots[:-1])
        return [others + (near < 0), others + (far < 0)]
    def _require_simple(self, name, order, a, b):
        """The last pivot has a derivative along the branch, y' = -E_y^-1 E_s, that does not vanish for s in [a, b]."""
        problem, line, y = self.problem, Line(arb(a).union(arb(b)), 2), self.at(a, b)
        fixed, J = problem.slope(line, y)
        slope = J.solve(arb_mat([[g.p[1]] for g in problem.equations(line, fixed)]))
        moving = problem.network(line, [Model(line, arb_poly([x, -slope[i, 0]]), 2) for i, x in enumerate(y)])
        derivative = problem.pivots(moving, name, order)[-1].p[1]
        require(derivative > 0 or derivative < 0, f"the crossing of type {name} is not proved simple")

def require_same(problem, one, other, s):
    """At s both segments hold the same zero: a box with both sets is contracted by y -> y - C E(y)."""
    box = [x.union(y) for x, y in zip(one.at(s, s), other.at(s, s), strict=True)]
    _, J = problem.slope(Line(s, 1), box)
    rest, size = arb_mat([[x.mid() for x in row] for row in J.tolist()]).inv() * J, range(len(box))
    for i in size:
        moved = sum((abs(rest[i, j] - (i == j)).abs_upper() * arb(box[j].rad()) for j in size), arb(0))
        require(moved < arb(box[i].rad()), f"what lies on both sides of s = {s} is not proved to be one branch")

class Spot:
    """Interval numbers of mpmath at one d: a second arithmetic for the same formulas."""
    iv = MPIntervalContext()
    iv.prec = BITS
    def __init__(self, d): self.d, self.over_pi = self._number(d), 1 / self.iv.pi
    def _number(self, q): return self.iv.mpf(int(q.p)) / int(q.q)
    def exact(self, polynomial):
        return sum((self._number(c) * self.d**j for j, c in enumerate(polynomial.coeffs()) if c != 0), 0)
    def power(self, k): return self.iv.sqrt(self.d) ** -k
    def sqrt(self, x):
        require(x > 0, "a root of a number that is not proved positive")
        return self.iv.sqrt(x)
    def atan(self, x): return self.iv.atan2(x, self.iv.mpf(1)) if not isinstance(x, int) else 0
    def beyond_atan(self, x): return x - self.atan(x)
    def dominates(self, x, y): return abs(self.rough(x)) > 2 * abs(self.rough(y))
    @staticmethod
    def rough(x): return float(x) if isinstance(x, int) else float(x.mid)
    @staticmethod
    def sign(x):
        require((x > 0) or (x < 0), "a sign is not proved")
        return 1 if x > 0 else -1
    def check(self, problem, box, names):
        """Krawczyk's test in a box of balls, and the numbers of negative eigenvalues, all once more."""
        middle, radii = ([self._number(part(x).fmpq()) for x in box] for part in (arb.mid, arb.rad))
        wide = problem.network(self, [x + r * self.iv.mpf([-1, 1]) for x, r in zip(middle, radii, strict=True)])
        J, values = problem.jacobian(self, wide), problem.equations(self, problem.network(self, middle))
        C = arb_mat([[self.rough(x) for x in row] for row in J]).inv().tolist()
        C, size = [[self._number(x.mid().fmpq()) for x in row] for row in C], range(len(J))
        for i in size:
            moved = abs(sum(C[i][k] * values[k] for k in size))
            for j in size: moved += abs(int(i == j) - sum(C[i][k] * J[k][j] for k in size)) * radii[j]
            require(moved < radii[i], "Krawczyk's test fails")
        pivots = {name: problem.pivots(wide, name, problem.order(wide, name)) for name in names}
        return {name: sum(self.sign(x) < 0 for x in values) for name, values in pivots.items()}

# ---- reading a certificate, and what it proves ----------------------------------------------------------------------
Scaling = namedtuple("Scaling", "known m e")
NUMBER = re.compile(r"(-?\d{1,400})(?:/([1-9]\d{0,400})|\*2\^(-?\d{1,4})|\.(\d{1,400}))?(?:e(-?\d{1,3}))?")
def number(text):
    """An exact rational: "17", "-3/4", "5*2^-96", "1.25e-3"."""
    match = NUMBER.fullmatch(text) if isinstance(text, str) else None
    require(match, f"{str(text)[:40]!r} is no number")
    whole, below, binary, places, ten = match.groups()
    value = fmpq(int(whole + (places or "")), int(below or 1) * 10 ** len(places or ""))
    return value * fmpq(2) ** int(binary or 0) * fmpq(10) ** int(ten or 0)
def fields(record, names, what):
    require(isinstance(record, dict) and set(record) == set(names.split()), f"{what}: the fields must be {names}")
    return [record[name] for name in names.split()]
def a_list(value, what, most, length=None):
    require(isinstance(value, list) and len(value) <= most and length in (None, len(value)), f"{what}: a list is wrong")
    return value
def numbers(value, what, most, length=None): return [number(x) for x in a_list(value, what, most, length)]
def whole(value, low, high, what):
    require(type(value) is int and low <= value <= high, f"{what}: an integer from {low} to {high} is needed")
    return value
def read_shape(record):
    blocks, rows, teacher = fields(record, "blocks rows teacher", "problem")
    sizes = [fmpq_poly(numbers(b, "a block", 2, 2)) for b in a_list(blocks, "blocks", 6)]
    proper = all(n[1] > 0 or (n[1] == 0 and n[0] >= 1 and n[0].q == 1) for n in sizes)
    require(proper, "a block neither grows nor is a positive integer")
    rows = [None if a is None else whole(a, 1, len(sizes), "rows") - 1 for a in a_list(rows, "rows", 8)]
    require(all(type(t) is bool for t in a_list(teacher, "teacher", 6, len(sizes))), "teacher: true or false is needed")
    require(sum((n for n, t in zip(sizes, teacher, strict=True) if t), NONE) == D, "the targets are not d in number")
    return Shape(sizes, rows, teacher)
def read_scaling(records, shape):
    parts = [fields(record, "known m e", "scaling") for record in a_list(records, "scaling", 60, len(shape.entries))]
    return [Scaling(numbers(c, "known", 12), whole(m, 0, 12, "m"), whole(e, -12, 12, "e")) for c, m, e in parts]
def read_segment(record, problem, names):
    centre, low, high, rows, radii, crossings = fields(record, "centre low high coefficients radii crossings", "segment")
    rows = [numbers(row, "coefficients", LONGEST) for row in a_list(rows, "coefficients", 60, len(problem.scaling))]
    count, centre, low, high = len(rows[0]), number(centre), number(low), number(high)
    radii = [numbers(row, "radii", LONGEST + 1, count + 1) for row in a_list(radii, "radii", 60, len(rows))]
    require(count > 0 and all(len(row) == count for row in rows), "coefficients of different lengths")
    require(all(r > 0 for row in radii for r in row), "a radius is not positive")
    ordered = 0 <= low <= centre <= high and low < high and (low > 0 or centre == 0)
    require(ordered, "a segment's ends and centre are out of order")
    dyadic = all(arb(value).is_exact() for value in (centre, low, high, *chain(*rows, *radii)))
    require(dyadic, "a number is no short dyadic one")
    require(isinstance(crossings, dict) and set(crossings) <= set(names), "a crossing of an unknown type")
    found = {name: numbers(ends, "crossing", 2, 2) for name, ends in crossings.items()}
    return Segment(problem, centre, low, high, rows, radii), found
def shape_in_words(shape):
    rows = ["one" if a is None else f"one for each column of block {a + 1}" for a in shape.homes[: len(shape.students)]]
    blocks = "; ".join(f"block {b + 1} of {str(n).replace('x', 'd')}" for b, n in enumerate(shape.sizes))
    targets = ", ".join(str(b + 1) for b, _ in shape.targets)
    return f"columns: {blocks}; orbits of rows: {'; '.join(rows)}; targets: the columns of block {targets}"
def present_types(shape, start):
    """The types of positive dimension for all d > start; the others have none."""
    for n in shape.sizes: require(n[1] == 0 or n(start) >= 3, "a block has less than three columns at the start")
    # Dimensions are products of n - c, c <= 3, over blocks that are constant or grow from 3 on: positive always or never.
    return [kind for kind in shape.types if kind.dimension(start + 1) > 0]
def check_constants(record, names, segments):
    """|x - sum_{j<n} a_j s^j| <= C_n s^n for all n, s = d^(-1/2) and d from a bound on."""
    start, entries = fields(record, "from entries", "constants")
    start = number(start)
    reach = (1 / arb(start)).sqrt()
    require(start > 0 and segments[0].low == 0, "constants need a proof at infinity")
    require(reach <= arb(segments[-1].high), "constants are claimed beyond the proof")
    for r, (name, record) in enumerate(zip(names, fields(entries, " ".join(names), "constants"), strict=True)):
        terms, bounds = fields(record, "terms bounds", "constants")
        bounds = numbers(bounds, "bounds", LONGEST)
        terms = [numbers(pair, "a term", 2, 2) for pair in a_list(terms, "terms", LONGEST)]
        require(len(bounds) == len(terms) + 1, f"{name}: the bounds must be one more than the terms")
        known = segments[0].entry(r).coefficients(len(terms))
        for j, (value, radius) in enumerate(terms):
            require(abs(known[j] - value) <= radius, f"coefficient {j} of {name} is not in the ball claimed")
        for segment in [g for g in segments if not arb(g.low) > reach]:
            for n, bound in enumerate(bounds):
                proved = segment.rest_at_most(r, n, known, arb(bound), reach)
                require(proved, f"the constant C_{n} of {name} is too small")
def canonical(record): return json.dumps(record, sort_keys=True, separators=(",", ":"))
def derive(record):
    """What a certificate proves, in the form of its claims; Refused where it proves nothing or less than is claimed."""
    names = "format words problem scaling segments spots claims hash"
    format, _, problem, scaling, segments, spots, claims, digest = fields(record, names, "certificate")
    body = canonical({name: value for name, value in record.items() if name != "hash"})
    require(digest == hashlib.sha256(body.encode()).hexdigest(), "the hash is not that of the content")
    require(format == FORMAT, f"the format is not {FORMAT!r}")
    names = "shape limits from to types stretches crossings constants"
    _, _, start, end, _, _, crossed, constants = fields(claims, names, "claims")
    start, end = number(start), None if end is None else number(end)
    require(start > 0 and (end is None or end > start), "the range claimed is empty")
    shape = read_shape(problem)
    problem = Problem(shape, read_scaling(scaling, shape))
    types = present_types(shape, start)
    sizes = {kind.name: len(kind.tensors) for kind in types}
    parts = [read_segment(part, problem, sizes) for part in a_list(segments, "segments", 500)]
    branch = [part[0] for part in parts]
    reached = branch and (branch[0].low == 0 if end is None else branch[0].low ** 2 * end <= 1)
    require(reached, "the segments end before the range claimed")
    require(branch[-1].high ** 2 * start >= 1, "the segments begin after the range claimed")
    for one, other in pairwise(branch):
        require(one.high == other.low, f"a gap between segments at s = {one.high}")
        require_same(problem, one, other, one.high)
    stretches, found = timeline(parts, list(sizes))
    check_spots(spots, problem, parts, list(sizes))
    if constants is not None: check_constants(constants, shape.names, branch)
    limits = None
    if end is None:
        limits = {name: str(z.known[0] if z.known else 0) for name, z in zip(shape.names, problem.scaling, strict=True)}
    require(end is not None or all(z.m > 0 for z in problem.scaling), "a limit is not known")
    require(len(found) == len(a_list(crossed, "crossings", 50)), f"{len(found)} crossings are proved, not {len(crossed)}")
    for claim, (name, a, b, direction) in zip(crossed, found, strict=True):
        kind, low, high, way = fields(claim, "type from to direction", "crossing")
        require((kind, way) == (name, direction), f"a crossing is of type {name}, {direction}")
        inside = number(low) * b**2 <= 1 <= number(high) * a**2
        require(inside, f"the crossing of type {name} is not in the interval claimed")
        require(start * b**2 <= 1 and (end is None or end * a**2 >= 1), "a crossing is out of the range claimed")
    dimensions = {kind.name: str(kind.dimension).replace("x", "d") for kind in types}
    return {"shape": shape_in_words(shape), "limits": limits, "types": dimensions, "stretches": stretches}
def timeline(parts, names):
    """By ascending d: the numbers of negative eigenvalues between crossings; the crossings (type, s-interval, direction)."""
    stretches, found = [], []
    for segment, crossings in reversed(parts):
        counts = segment.counts(names, crossings)
        now = {name: values[0] for name, values in counts.items()}
        require(not stretches or now == stretches[-1], f"signs change between segments at s = {segment.high}")
        stretches = stretches or [now]
        ordered = sorted(crossings.items(), key=lambda item: -item[1][0])
        require(all(one[1][0] > other[1][1] for one, other in pairwise(ordered)), "crossings overlap")
        for name, (a, b) in ordered:
            before, after = counts[name]
            found.append((name, a, b, "up" if after < before else "down"))
            stretches.append({**stretches[-1], name: after})
    return stretches, found
def check_spots(spots, problem, parts, names):
    """At single d everything once more in the interval arithmetic of mpmath."""
    for d in numbers(spots, "spots", 20):
        require(d > 0, "a spot is not positive")
        s = (1 / arb(d)).sqrt()
        inside = [p for p in parts if arb(p[0].low) <= s <= arb(p[0].high) and not p[1]]
        require(inside, f"the spot d = {d} is in no segment without crossings")
        box = [x + arb(0, 4 * x.rad()) for x in inside[0][0].at(s, s)]
        expected = {name: values[0] for name, values in inside[0][0].counts(names, {}).items()}
        require(Spot(d).check(problem, box, names) == expected, f"other signs at d = {d}")
def conclude(record):
    """The theorem in words. Refused unless the claims are what is proved."""
    proved = derive(record)
    claims = record["claims"]
    for name, value in proved.items():
        same = canonical(claims[name]) == canonical(value)
        require(same, f"claims.{name} is not what is proved: {json.dumps(value)}")
    end = "infinity" if claims["to"] is None else claims["to"]
    lines = [f"For every real d from {claims['from']} to {end}, {proved['shape']}:",
             "there is a critical point on one branch, unique in its tube, without other critical points in it"]
    if proved["limits"]:
        lines.append("as d grows W tends to " + ", ".join(f"{n} = {v}" for n, v in proved["limits"].items()))
    for k, counts in enumerate(proved["stretches"]):
        if k:
            c = claims["crossings"][k - 1]
            where = f"{c['direction']}, at d in [{c['from']}, {c['to']}]"
            lines.append(f"one eigenvalue of type {c['type']} crosses zero, once, {where}")
        negative = ", ".join(f"{n} of {name}" for name, n in counts.items() if n) or "none: a minimum"
        lines.append(f"negative eigenvalues: {negative}")
    if claims["constants"]: lines.append(f"the constants C_n hold from d = {claims['constants']['from']}")
    return lines
def check(path):
    """(exit status, lines) for a file."""
    try:
        with open(path, encoding="utf-8") as file: record = json.load(file)
        require(isinstance(record, dict), "no JSON object")
    except Exception as error:
        return 2, [f"unreadable: {str(error)[:200]}"]
    before = ctx.prec, ctx.cap
    try:
        ctx.prec, ctx.cap = BITS, 2 * LONGEST
        return 0, ["accepted", *conclude(record)]
    except Refused as reason:
        return 1, [f"refused: {reason}"]
    except Exception as error:
        return 1, [f"refused: {type(error).__name__}: {str(error)[:200]}"]
    finally:
        ctx.prec, ctx.cap = before
def main(paths):
    """Check files and print a verdict for each; the exit status."""
    if not paths: print("usage: python checker.py CERTIFICATE.json ...", file=sys.stderr)
    results = [(path, *check(path)) for path in paths]
    for path, _, lines in results: print(f"{path}: " + "\n    ".join(lines))
    return max((status for _, status, _ in results), default=2)
if __name__ == "__main__": sys.exit(main(sys.argv[1:]))
