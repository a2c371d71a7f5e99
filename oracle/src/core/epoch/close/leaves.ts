import { bytesToHex, type Check, utf8ToBytes, type Verdict } from '@sextant/firmware-bridge/protocol';
import { type CanonicalValue, canonicalJson } from '../../numeric/canonical-json.ts';
import type { CoverageCell, RewardLine } from '../result.ts';

/**
 * Leaves of the trees below a summary: RFC 8785 JSON, so that anybody can read what a proof proves. Bytes are lower-case
 * hex, cells too, amounts and shares decimal strings.
 */

const utf8 = (value: CanonicalValue): Uint8Array => utf8ToBytes(canonicalJson(value));

export function verdictLeaf(verdict: Verdict): Uint8Array {
  return utf8ToBytes(verdictJson(verdict));
}

/** Written out by hand, members in RFC 8785's order: there are as many of these as there are reports. ASCII. */
export function verdictJson(verdict: Verdict): string {
  const { checks, outcome, reason, reportId, reporter, round, sender, subject } = verdict;
  let made = '';
  for (const check of checks) made += made === '' ? checkJson(check) : `,${checkJson(check)}`;
  return (
    `{"checks":[${made}],"outcome":"${outcome}","reason":"${reason}",` +
    `"reportId":"${bytesToHex(reportId)}","reporter":"${bytesToHex(reporter)}","round":${round},` +
    `${sender ? `"sender":"${bytesToHex(sender)}",` : ''}"subject":"${subject}"}`
  );
}

function checkJson({ check, limit, margin, observed, unit }: Check): string {
  const numbers =
    (limit === undefined ? '' : `"limit":${limit},`) +
    (margin === undefined ? '' : `"margin":${margin},`) +
    (observed === undefined ? '' : `"observed":${observed},`);
  return `{"check":"${check}",${numbers}"unit":"${unit}"}`;
}

export function coverageLeaf(cell: CoverageCell): Uint8Array {
  const { state, links, witnesses, bestEspDdbm, bestSnrDdb, surveyTransmissions } = cell;
  return utf8({
    cell: cell.cell.toString(16),
    state,
    links,
    witnesses,
    surveyTransmissions,
    ...(bestEspDdbm === undefined ? {} : { bestEspDdbm }),
    ...(bestSnrDdb === undefined ? {} : { bestSnrDdb }),
  });
}

export function rewardLeaf(line: RewardLine): Uint8Array {
  const { rewardClass, key, shares, amount, held, count, densityScale, paidTo } = line;
  const common = { rewardClass, key, shares, amount, held, count, densityScale };
  return utf8(paidTo ? { ...common, paidTo } : common);
}
