/** What a parameter is counted in. `ratio` values are parts of a stated whole, said in the parameter's name. */
export type ParameterUnit =
  | 'ms'
  | 'm'
  | 'ddBm'
  | 'ddB'
  | 'ddBi'
  | 'Hz'
  | 'epoch'
  | 'round'
  | 'day'
  | 'count'
  | 'bytes'
  | 'percent'
  | 'permyriad'
  | 'micronat'
  | 'tenths'
  | 'dm/s'
  | 'm per √m'
  | 'H3 resolution'
  | 'spreading factor'
  | 'base units (10^-18 token) a day'
  | 'ddB by spreading factor'
  | 'ddB by bandwidth in Hz'
  | 'm by H3 resolution'
  | 'hotspots by H3 resolution'
  | 'channel plan by name'
  | 'SHA-256';

/** A number of the protocol with what it is counted in and where it comes from. */
export interface Parameter<V = unknown> {
  readonly value: V;
  readonly unit: ParameterUnit;
  /** A document, a measurement, or the reason for our own choice. No part of the rule set's id: it may be corrected. */
  readonly source: string;
}

export type ParameterTree = { readonly [group: string]: { readonly [name: string]: Parameter } };

/** The same tree with only the values in it: `values.link.minDistanceM` is a number. */
export type ValuesOf<T extends ParameterTree> = {
  readonly [G in keyof T]: { readonly [N in keyof T[G]]: T[G][N] extends Parameter<infer V> ? V : never };
};

export function parameter<V>(value: V, unit: ParameterUnit, source: string): Parameter<V> {
  return { value, unit, source };
}

export function valuesOf<T extends ParameterTree>(parameters: T): ValuesOf<T> {
  const groups = Object.entries(parameters).map(([group, members]) => {
    const values = Object.entries(members).map(([name, member]) => [name, member.value] as const);
    return [group, Object.fromEntries(values)] as const;
  });
  return Object.fromEntries(groups) as ValuesOf<T>;
}

/** Freezes a value and everything in it; returns the same object. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
