import type { BridgeStatus, ParticipantStatus } from '../bridge/bridge-status.ts';
import { formatSpan } from '../network/clock-advice.ts';
import { type KindCounts, REPORT_KINDS, sumOf } from '../outbox/outbox-counts.ts';
import { ADMISSION_TEXTS, REASON_TEXTS } from './reason-texts.ts';

const LABEL = 14;
const LINES_SHOWN = 5;

const ago = (nowMs: number, atMs: number): string => `${formatSpan(nowMs - atMs)} ago`;
const row = (label: string, text: string): string => `  ${label.padEnd(LABEL)}${text}`;
const dbm = (ddbm: number): string => `${(ddbm / 10).toFixed(1)} dBm`;
const mhz = (hz: number): string => `${(hz / 1e6).toFixed(3)} MHz`;

function kinds(counts: KindCounts): string {
  const parts = REPORT_KINDS.flatMap((kind) => (counts[kind] ? [`${counts[kind]} ${kind.replace('_', ' ')}`] : []));
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** What `sextant-bridge status` prints: plain text, one screen a hotspot. */
export function formatStatus(status: BridgeStatus): string {
  const { nowMs, networkId, round, clockOffset, storageProblem, participants, latestEpoch, startedAtMs } = status;
  const offset = clockOffset
    ? `${clockOffset.offsetMs} ms off the network's, measured ${ago(nowMs, clockOffset.measuredAtMs)}`
    : 'not measured yet';
  const head = [
    `Network ${networkId}, round ${round.running} ${round.isCertified ? '(certified)' : '(no certificate yet)'}${latestEpoch === undefined ? '' : `, epoch ${latestEpoch} summed up`}`,
    `Running for ${formatSpan(nowMs - startedAtMs)}, clock ${offset}`,
    ...(storageProblem === undefined ? [] : [`DISK  ${storageProblem}`]),
  ];
  return [head.join('\n'), ...participants.map((participant) => formatParticipant(participant, nowMs))].join('\n\n');
}

function formatParticipant(participant: ParticipantStatus, nowMs: number): string {
  const { id, name, kind, eui, regionPlan, cell, standing, warnings } = participant;
  return [
    `${name}  (${kind.replace('_', ' ')})`,
    row('id', id),
    row('gateway', `${eui}, ${regionPlan}, ${gatewayText(participant, nowMs)}`),
    ...(cell === undefined ? [] : [row('cell', cell)]),
    row('claim', standing),
    ...participant.sessions.map(({ connected, validatorId, problem }) =>
      row(
        'network',
        connected ? `connected to ${short(validatorId)}` : `NOT connected to ${short(validatorId)}: ${problem ?? ''}`,
      ),
    ),
    row('heard', heardText(participant, nowMs)),
    ...participant.frames.last.slice(0, LINES_SHOWN).map((frame) => row('', frameText(frame, nowMs))),
    row(kind === 'hotspot' ? 'beacons' : 'transmissions', sentText(participant)),
    ...sentDetails(participant, nowMs).map((line) => row('', line)),
    ...participant.airtime.map((band) => row('airtime', airtimeText(band))),
    ...outboxText(participant),
    ...participant.deadLetters
      .slice(0, LINES_SHOWN)
      .map(({ reason, refusedAtMs, reports }) =>
        row('dead letter', `${kinds(reports)}, ${ago(nowMs, refusedAtMs)}: ${ADMISSION_TEXTS[reason]}`),
      ),
    row('verdicts', verdictCounts(participant)),
    ...participant.verdicts.last.slice(0, LINES_SHOWN).map((line) => {
      const { subject, outcome, reason, round, final, numbers } = line;
      const more = numbers.length === 0 ? '' : ` (${numbers.join('; ')})`;
      return row(
        '',
        `${subject} of round ${round}: ${outcome}${final ? '' : ', provisional'}: ${REASON_TEXTS[reason]}${more}`,
      );
    }),
    ...warnings.map((warning) => row('WARNING', warning)),
  ].join('\n');
}

const short = (id: string): string => `${id.slice(0, 12)}…`;

function gatewayText({ gateway }: ParticipantStatus, nowMs: number): string {
  const { connected, lastSeenMs, canTransmit } = gateway;
  if (lastSeenMs === undefined) return 'never seen: does its packet forwarder send to this machine?';
  const state = connected ? 'connected' : `LOST, last seen ${ago(nowMs, lastSeenMs)}`;
  return `${state}${canTransmit === false ? ', only listening' : ''}`;
}

function heardText({ frames, witness }: ParticipantStatus, nowMs: number): string {
  const { reported, repeated, own, unusable } = witness;
  const last = frames.last[0];
  const when = last ? `, the last ${ago(nowMs, last.receivedAtMs)}` : '';
  const odd = repeated + own + unusable;
  return `${frames.received} frames${when}; ${reported} beacons reported${odd === 0 ? '' : `, ${odd} repeated, own or unusable`}`;
}

function frameText(frame: ParticipantStatus['frames']['last'][number], nowMs: number): string {
  const { receivedAtMs, frequencyHz, spreadingFactor, snrDdb, rssiChannelDdbm, rssiSignalDdbm, beaconTag, bytes } =
    frame;
  const rssi = rssiSignalDdbm ?? rssiChannelDdbm;
  const level = rssi === undefined ? '' : `, RSSI ${dbm(rssi)}`;
  const what = beaconTag === undefined ? `${bytes} bytes` : `beacon ${beaconTag}`;
  return `${ago(nowMs, receivedAtMs)}: ${what}, ${mhz(frequencyHz)} SF${spreadingFactor}${level}, SNR ${(snrDdb / 10).toFixed(1)} dB`;
}

function sentText({ transmissions, pendingReveals }: ParticipantStatus): string {
  const { sent, revealed, missed } = transmissions;
  const reasons = Object.entries(missed).map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`);
  return `${sent} sent, ${revealed} revealed, ${pendingReveals} to be revealed; missed: ${reasons.length === 0 ? 'none' : reasons.join(', ')}`;
}

function sentDetails({ transmissions }: ParticipantStatus, nowMs: number): readonly string[] {
  const { lastSent, lastMissed, next } = transmissions;
  const lines: string[] = [];
  if (lastSent) {
    const { roundOrIndex, sentAtMs, frequencyHz, spreadingFactor, txPowerRequestedDdbm, txPowerActualDdbm } = lastSent;
    const used = txPowerActualDdbm === undefined ? 'really used unknown' : `really used ${dbm(txPowerActualDdbm)}`;
    lines.push(
      `last #${roundOrIndex}, ${ago(nowMs, sentAtMs)}: ${mhz(frequencyHz)} SF${spreadingFactor}, asked for ${dbm(txPowerRequestedDdbm)}, ${used}`,
    );
  }
  if (lastMissed)
    lines.push(`not sent #${lastMissed.roundOrIndex}, ${ago(nowMs, lastMissed.atMs)}: ${lastMissed.text}`);
  if (next) lines.push(`next #${next.roundOrIndex} in ${formatSpan(Math.max(0, next.atMs - nowMs))}`);
  return lines;
}

function airtimeText({ lowerHz, upperHz, usedMs, limitMs }: ParticipantStatus['airtime'][number]): string {
  const limit = limitMs === undefined ? 'no duty cycle' : `of ${limitMs} ms`;
  return `${(lowerHz / 1e6).toFixed(2)}–${(upperHz / 1e6).toFixed(2)} MHz: ${usedMs} ms ${limit} in the last hour`;
}

function outboxText({ outbox, delivery }: ParticipantStatus): readonly string[] {
  const { totals, inOutbox, unsaved, bytes } = outbox;
  const dropped = sumOf(totals.dropped);
  return [
    row(
      'outbox',
      `${inOutbox} reports, ${(bytes / 1_024).toFixed(1)} KiB${unsaved === 0 ? '' : `, ${unsaved} more not on disk yet`}`,
    ),
    row(
      '',
      `${sumOf(totals.created)} created = ${sumOf(totals.receipted)} receipted + ${inOutbox} here + ${sumOf(totals.deadLettered)} dead + ${dropped} dropped`,
    ),
    ...(dropped === 0 ? [] : [row('', `dropped: ${kinds(totals.dropped)}`)]),
    ...(delivery.sentAgain === 0 ? [] : [row('', `${delivery.sentAgain} of ${delivery.sent} sendings were repeats`)]),
  ];
}

function verdictCounts({ verdicts }: ParticipantStatus): string {
  const parts = Object.entries(verdicts.received).map(([outcome, count]) => `${count} ${outcome}`);
  return parts.length === 0 ? 'none yet' : parts.join(', ');
}
