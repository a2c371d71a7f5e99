/**
 * The part of liars a judge tells if it may reject so many of the true claims: those against whom it has more than against nearly all who are honest.
 * `honest` and `liars` are what it has against each, in any unit.
 */
export function toldShare(honest: readonly number[], liars: readonly number[], falseRejected: number): number {
  const sorted = [...honest].sort((a, b) => b - a);
  const threshold = sorted[Math.floor(falseRejected * sorted.length)] ?? 0;
  return liars.filter((one) => one > threshold).length / liars.length;
}
