import { decodeReport, type Report } from '@sextant/firmware-bridge/protocol';
import type { CarriedReport } from '../state/epoch-state.ts';

/** The report a state carries. `decodeState` lets in no other bytes. */
export function decodeCarried(carried: CarriedReport): Report {
  const decoded = decodeReport(carried.report);
  if (!decoded.ok) throw new Error(`a state carries what is no report: ${decoded.reason} ${decoded.field}`);
  return decoded.value;
}
