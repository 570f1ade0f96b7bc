/* The exact power series of family II in s = d^(-1/2): Newton's method on PARI's power series with
   rational functions of a variable pi as coefficients.

       ORDER=20 gp -q -f -s 1G series_ii.gp < /dev/null

   prints every non-zero term s^k with k < ORDER as `name k coefficient`, after a comment with the time.
   PLAIN=1 works with s itself (see `unit`); CHECK=1 substitutes the result back.

   With n = d - 1 = s^-2 - 1, row i <= n is (a at i, b at the other columns <= n, c), the last row
   (e, ..., e, f): diag1, off1, w12, w21, w22.  For vectors of squared lengths A, B and inner product c
   put S = sqrt(AB - c^2), t = pi - angle; 2 pi times the gradient in row w is
   pi w + sum over the other rows u of [(S/A) w + t u] - sum over the targets v of [(S/A) w + t v]. */

x = 'x; pi = 'pi;

/* s = unit * x.  Denominators of the coefficient of s^k divide a power, about the k-th, of this unit (and of
   larger primes), so in x nearly all coefficients are polynomials, without gcds: two to three times faster. */
unit = if(getenv("PLAIN"), 1, 60060*pi^2*(pi - 2));
s = unit*x;

/* Unknowns u = ((a-1)/s^4, b/s^4, c/s^2, e/s^2, (f+1)/s^2), and their values at s = 0. */
start = [8/pi, -4/pi, 2, 4/pi, 2 + 8/pi + 8/pi^2]~;
names = ["diag1", "off1", "w12", "w21", "w22"];
entries(u) = [1 + s^4*u[1], s^4*u[2], s^2*u[3], s^2*u[4], -1 + s^2*u[5]];

/* (n - k) z by shifts: multiplying by the Laurent series n would cost as much as any product. */
times(z, k = 0) = z/s^2 - (k + 1)*z;

/* [S, t] of two vectors near a right angle, from D = AB - c^2. */
pair(D, c) = { my(S = sqrt(D)); [S, pi/2 + atan(c/S)] };

/* What the gradient and its Jacobian share, at u + O(x^m). */
point(u, m) = { my(a, b, c, e, f, b2, c2, e2, D1, A1, A2, c11, c12, Sd, Sf);
  [a, b, c, e, f] = entries(u + vector(5, i, O(x^m))~);
  b2 = b^2; c2 = c^2; e2 = e^2;
  D1 = times(b2, 1) + c2;                  /* A1 - a^2 without the cancellation */
  A1 = a^2 + D1; A2 = times(e2) + f^2;
  c11 = 2*a*b + D1 - b2; c12 = a*e + times(b*e, 1) + c*f;
  Sd = 2*s^2*sqrt(D1/(4*s^4));             /* row i and target i: angle near 0 */
  Sf = s*(e/s^2)*sqrt(1 - s^2 + O(x^(m+2)));   /* last row and last target, angle near pi: e sqrt(n) */
  [a, b, c, e, f, A1, A2, c11, c12, pair(A1^2 - c11^2, c11), pair(A1*A2 - c12^2, c12),
   pair(A1 - b2, b), pair(A1 - c2, c), pair(A2 - e2, e), Sd, Sf] };

/* pi + the sum of +-S/A in row i and in the last row.  The pair of the last row and its target is left
   out: see h below.  S12 - Se is taken from its squares, so that no order of s is lost. */
sums(A1, A2, c12, e, S11, S12, So, Sc, Se, Sd) =
  [pi + (times(S11 - So, 1) + S12 - Sd - Sc)/A1, pi + times(((A1 - 1)*A2 - c12^2 + e^2)/(S12 + Se))/A2];

/* 2 pi gradient, scaled so that the Jacobian is regular at s = 0: entries (i,i)/s^2, (i,j)/s^2, (i,d),
   (d,i)/s^2 and ((d,d) - (i,d))/s^2, since (i,d) and (d,d) depend on c alike to leading order. */
gradient(u, m) = { my(a, b, c, e, f, A1, A2, c11, c12, p11, p12, po, pc, pe, Sd, Sf, K1, K2, q, h, te, tb, tc, tf);
  [a, b, c, e, f, A1, A2, c11, c12, p11, p12, po, pc, pe, Sd, Sf] = point(u, m);
  [K1, K2] = sums(A1, A2, c12, e, p11[1], p12[1], po[1], pc[1], pe[1], Sd);
  q = Sf/A2;
  h = intformal(2*(Sf'*f - Sf*f')*q^2);    /* atan y - y/(1 + y^2), y = Sf/f: its first order cancels */
  te = p12[2]*e; tb = p11[2]*b; tc = p11[2]*c; tf = p12[2]*f;
  [(K1*a + times(tb, 1) + te - pi + atan(Sd/a))/s^2,
   (K1*b + p11[2]*a + times(tb, 2) + te - po[2])/s^2,
   K1*c + times(tc, 1) + tf - pc[2],
   ((K2 - q)*e + p12[2]*a + times(p12[2]*b, 1) - pe[2])/s^2,
   (K2*f + h + times(c*(p12[2] - p11[2])) + tc - tf + pc[2] - K1*c)/s^2]~ };

/* [dS, dt] of a pair: rows of five derivatives, from l = dA/2A + dB/2B and dc. */
dpair(p, AB, l, c, dc) = [(AB*l - c*dc)/p[1], (dc - c*l)/p[1]];

jacobian(u, m) = { my(a, b, c, e, f, A1, A2, c11, c12, p11, p12, po, pc, pe, Sd, Sf, K1, K2, da, db, dc, de, df,
    dA1, dA2, l1, l2, d11, d12, dO, dC, dE, dSd, dtd, dSf, dy, q, dq, dK1, dK2, t11, t12, dt11, dt12);
  [a, b, c, e, f, A1, A2, c11, c12, p11, p12, po, pc, pe, Sd, Sf] = point(u, m + 2);
  [K1, K2] = sums(A1, A2, c12, e, p11[1], p12[1], po[1], pc[1], pe[1], Sd);
  da = [s^4,0,0,0,0]; db = [0,s^4,0,0,0]; dc = [0,0,s^2,0,0]; de = [0,0,0,s^2,0]; df = [0,0,0,0,s^2];
  dA1 = 2*(a*da + b*times(db, 1) + c*dc); l1 = dA1/(2*A1);
  dA2 = 2*(e*times(de) + f*df);           l2 = dA2/(2*A2);
  d11 = dpair(p11, A1^2, 2*l1, c11, 2*(b*da + a*db + b*times(db, 2) + c*dc));
  d12 = dpair(p12, A1*A2, l1 + l2, c12, e*da + a*de + e*times(db, 1) + b*times(de, 1) + f*dc + c*df);
  dO = dpair(po, A1, l1, b, db); dC = dpair(pc, A1, l1, c, dc); dE = dpair(pe, A2, l2, e, de);
  dSd = (b*times(db, 1) + c*dc)/Sd; dtd = (Sd*da - a*dSd)/A1;
  dSf = Sf/e*de; dy = (dSf - Sf/f*df)/f; q = Sf/A2; dq = (dSf - q*dA2)/A2;
  dK1 = (times(d11[1] - dO[1], 1) + d12[1] - dSd - dC[1] - (K1 - pi)*dA1)/A1;
  dK2 = (times(d12[1] - dE[1]) - (K2 - pi)*dA2)/A2;
  t11 = p11[2]; dt11 = d11[2]; t12 = p12[2]; dt12 = d12[2];
  matconcat([
    (K1*da + a*dK1 + times(t11*db + b*dt11, 1) + t12*de + e*dt12 - dtd)/s^2,
    (K1*db + b*dK1 + t11*da + a*dt11 + times(t11*db + b*dt11, 2) + t12*de + e*dt12 - dO[2])/s^2,
    K1*dc + c*dK1 + times(t11*dc + c*dt11, 1) + t12*df + f*dt12 - dC[2],
    ((K2 - q)*de + e*(dK2 - dq) + t12*da + a*dt12 + times(t12*db + b*dt12, 1) - dE[2])/s^2,
    (K2*df + f*dK2 + 2*(f*q)^2*dy + times((t12 - t11)*dc + c*(dt12 - dt11)) + t11*dc + c*dt11
      - t12*df - f*dt12 + dC[2] - K1*dc - c*dK1)/s^2]~) };

/* The first m terms of u.  One inverse Jacobian, to a third of the order, serves two steps: faster than
   doubling with a Jacobian to half the order, and than order by order. */
newton(m) = { my(h, k, u, J);
  if(m == 1, return(start));
  h = k = ceil(m/3); u = newton(h); J = apply(z -> z + O(x^h), jacobian(u, h))^-1;
  while(k < m,
    u -= apply(truncate, J*apply(z -> z - truncate(z + O(x^k)), gradient(u, min(k + h, m))));
    k = min(k + h, m));
  u };

main(N) = { my(u, z, started, solved);
  started = getwalltime(); u = newton(max(N - 2, 1)); solved = getwalltime();
  z = apply(p -> vector(N, k, polcoef(p, k - 1, x)/unit^(k - 1)), entries(u));
  print("# PARI ", version(), ", order ", N, ": ", solved - started, " ms, then ", getwalltime() - solved,
    " ms to take out the unit");
  if(getenv("CHECK"), print("# residual valuations ", apply(g -> valuation(g, x), gradient(u, max(N - 2, 1) + 1))));
  for(i = 1, 5, for(k = 1, N, if(z[i][k] != 0,
    print(names[i], " ", k - 1, " ", strjoin(strsplit(Str(z[i][k]), " ")))))) };

main(eval(getenv("ORDER")));
quit
