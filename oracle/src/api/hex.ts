import type { CoverageState } from '../core/epoch/result.ts';
import type { Boundary, CellText } from './text.ts';
import type { ParticipantRef } from './verdict.ts';

export type HexState = CoverageState | 'unknown';

/** A hotspot that hears transmissions from this hexagon. */
export interface HexWitness extends ParticipantRef {
  readonly cell: CellText;
  /** Corners of its own asserted cell. */
  readonly boundary: Boundary;
  /** Tenths of dBm, normalised to 14 dBm EIRP. */
  readonly bestEspDdbm: number;
  /** Tenths of dB. */
  readonly bestSnrDdb: number;
  readonly links: number;
  /** Between the centres of the two cells, metres. */
  readonly distanceM: number;
  readonly lastSeenMs: number;
}

/**
 * `GET /api/v1/hexes/{cell}?epoch=`: one hexagon of resolution 1–9, in an epoch or (without the parameter) live. A coarser
 * one than 9 sums up the resolution-9 cells in it, exactly as its tile does: covered when one of them is, the best signal, all
 * links. A cell nobody has measured is no error: its state is `unknown`.
 */
export interface HexView {
  readonly cell: CellText;
  readonly resolution: number;
  readonly boundary: Boundary;
  /** Absent = live. */
  readonly epoch?: number;
  readonly state: HexState;
  readonly bestEspDdbm?: number;
  readonly bestSnrDdb?: number;
  readonly links: number;
  /** Different ones. */
  readonly witnesses: number;
  /** Revealed survey transmissions from here. */
  readonly surveyTransmissions: number;
  readonly lastSeenMs?: number;
  /** Resolution-9 cells in it, by state. For resolution 9 one of them is 1 or both are 0. */
  readonly cells: { readonly covered: number; readonly surveyedNotCovered: number };
  /** Best signal first, at most 50. */
  readonly heardBy: readonly HexWitness[];
}

export type { CoverageState };
