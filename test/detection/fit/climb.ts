/** How far each number is moved at first, and between what it stays. */
export interface ClimbOptions<Name extends string> {
  readonly steps: Readonly<Record<Name, number>>;
  readonly least?: Readonly<Partial<Record<Name, number>>>;
  readonly most?: Readonly<Partial<Record<Name, number>>>;
  /** Steps become smaller, and end below this part of the first. */
  readonly finest: number;
  /** No step is taken for less than this. */
  readonly noGain: number;
}

/** Where `valueOf` is greatest, from `start` on: one number after the other is moved while that helps, by smaller and smaller steps. */
export function climb<Name extends string>(
  start: Readonly<Record<Name, number>>,
  valueOf: (at: Readonly<Record<Name, number>>) => number,
  { steps, least, most, finest, noGain }: ClimbOptions<Name>,
): Readonly<Record<Name, number>> {
  const names = Object.keys(steps) as Name[];
  let best = { at: start, value: valueOf(start) };
  const move = (name: Name, step: number): void => {
    const [from, to] = [least?.[name] ?? Number.NEGATIVE_INFINITY, most?.[name] ?? Number.POSITIVE_INFINITY];
    for (;;) {
      const at = { ...best.at, [name]: Math.min(to, Math.max(from, best.at[name] + step)) };
      const value = valueOf(at);
      if (value <= best.value + noGain) return;
      best = { at, value };
    }
  };
  for (let scale = 1; scale > finest; scale /= 2) {
    for (let before = Number.NEGATIVE_INFINITY; best.value > before + noGain; ) {
      before = best.value;
      for (const name of names) for (const direction of [-1, 1]) move(name, direction * scale * steps[name]);
    }
  }
  return best.at;
}
