/** Edits (insert, delete, replace, swap neighbours) from one word to the other. */
function editDistance(a: string, b: string): number {
  let previous: readonly number[] = [];
  let current: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const [above, left, corner] = [current[j], next[j - 1], current[j - 1]] as [number, number, number];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (previous[j - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(above + 1, left + 1, corner + same, swapped));
    }
    previous = current;
    current = next;
  }
  return current[b.length] ?? 0;
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_.]/g, '');

/** The known word that somebody probably meant; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(plain(word), plain(candidate));
    if (distance <= Math.max(2, Math.floor(candidate.length / 3)) && distance < (best?.distance ?? Infinity)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = suggest(word, known);
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}
