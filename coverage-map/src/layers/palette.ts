/** Five evenly spaced colours of viridis (https://bids.github.io/colormap), dark to light. */
const VIRIDIS_5 = ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'] as const;

export type Theme = 'dark' | 'light';
export const THEMES: readonly Theme[] = ['dark', 'light'];

/** Colours of the five signal classes, weakest first: the strongest stands out most against the land of its theme. */
export const SIGNAL_COLOURS: Readonly<Record<Theme, readonly string[]>> = {
  dark: VIRIDIS_5,
  light: [...VIRIDIS_5].reverse(),
};

/** Where one signal class ends and the next begins, tenths of dBm normalised to 14 dBm EIRP. */
export const SIGNAL_STEPS_DDBM = [-1200, -1100, -1000, -900] as const;

/** Index of the signal class, 0 = weakest. */
export const signalClass = (espDdbm: number): number => SIGNAL_STEPS_DDBM.filter((step) => espDdbm >= step).length;

/** What else the map is drawn with. */
export interface MapColours {
  readonly sea: string;
  readonly land: string;
  readonly river: string;
  readonly border: string;
  readonly state: string;
  readonly label: string;
  readonly labelStrong: string;
  readonly halo: string;
  readonly hexOutline: string;
  readonly hatch: string;
  /** Of the hotspots: without hue, as no class of the ramp is; a silent one is hollow. */
  readonly hotspot: string;
  readonly hotspotCasing: string;
  /** Of what is selected, and of nothing else. */
  readonly selection: string;
}

export const MAP_COLOURS: Readonly<Record<Theme, MapColours>> = {
  dark: {
    sea: '#0a0f16',
    land: '#161d27',
    river: '#101823',
    border: '#3a4757',
    state: '#252f3c',
    label: '#8e9cad',
    labelStrong: '#c3cedb',
    halo: '#0d131b',
    hexOutline: '#d7e3f1',
    hatch: '#7d8b9c',
    hotspot: '#ffffff',
    hotspotCasing: '#0a0f16',
    selection: '#f069ff',
  },
  light: {
    sea: '#cfdde6',
    land: '#f4f2ec',
    river: '#bfd2de',
    border: '#a9adb2',
    state: '#d9d8d2',
    label: '#66707b',
    labelStrong: '#2d3640',
    halo: '#f8f7f3',
    hexOutline: '#1d2733',
    hatch: '#8a8f95',
    hotspot: '#10161d',
    hotspotCasing: '#ffffff',
    selection: '#b41eff',
  },
};

/**
 * Of links by how they fit the asserted place: orange and blue, which every kind of colour vision tells apart. The page's
 * style has them too.
 */
export const RESIDUAL_COLOURS: Readonly<Record<Theme, Readonly<Record<'strong' | 'expected' | 'weak', string>>>> = {
  dark: { strong: '#ff9d3c', expected: '#9aa8b8', weak: '#6fb3ff' },
  light: { strong: '#b85000', expected: '#586472', weak: '#0a5fc4' },
};
