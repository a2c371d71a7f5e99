import type { TransmitRequest } from '../gateway-driver.ts';

/**
 * The JSON of a PULL_RESP for a beacon, sent as soon as possible: `ipol` false because gateways receive only
 * non-inverted IQ, CRC on because they drop frames without, explicit header, CR 4/5. `powe` is a whole number.
 * Every field a forwarder needs is there: it drops a request without one silently.
 * Source: sx1302_hal V2.1.0, packet_forwarder/src/lora_pkt_fwd.c, thread_down.
 */
export function encodeTxpk(request: Omit<TransmitRequest, 'txPowerDdbm' | 'maxTxPowerDdbm'>, poweDbm: number): string {
  return JSON.stringify({
    txpk: {
      imme: true,
      freq: frequencyMhz(request.frequencyHz),
      rfch: 0,
      powe: poweDbm,
      modu: 'LORA',
      datr: `SF${request.spreadingFactor}BW${request.bandwidthHz / 1000}`,
      codr: '4/5',
      ipol: false,
      prea: 8,
      size: request.phyPayload.length,
      data: Buffer.from(request.phyPayload).toString('base64'),
    },
  });
}

/** Megahertz; the forwarder truncates `1e6 × freq`, so a tenth of a hertz is added where that would lose one. */
function frequencyMhz(frequencyHz: number): number {
  const mhz = frequencyHz / 1e6;
  return Math.trunc(1e6 * mhz) === frequencyHz ? mhz : (frequencyHz + 0.1) / 1e6;
}
