import { appendFileSync, readFileSync } from 'node:fs';

/** What is done to a process or a disk on purpose. */
export const FAULT_KINDS = ['sigkill', 'power_loss'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Notes faults that a test has survived in the file that `npm run test:long` sums up; without that file it does nothing. */
export function noteFaults(kind: FaultKind, count: number): void {
  const file = process.env['SEXTANT_FAULTS_FILE'];
  if (file !== undefined) appendFileSync(file, `${kind} ${count}\n`);
}

/** How many of each kind a file of `noteFaults` holds; an absent file holds none. */
export function sumFaults(file: string): Readonly<Record<FaultKind, number>> {
  const sums: Record<FaultKind, number> = { sigkill: 0, power_loss: 0 };
  for (const line of readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n')) {
    const [kind, count] = line.split(' ');
    for (const known of FAULT_KINDS) if (kind === known) sums[known] += Number(count);
  }
  return sums;
}
