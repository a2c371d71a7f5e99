import { sha256 } from '@noble/hashes/sha2.js';
import { encodeReport, reportId, type WitnessReport } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReportNamer, ReportEncoder } from './canonical-report.ts';

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const integer = (min: number, max: number) => fc.integer({ min, max });

const witnesses = fc
  .record({
    beaconTag: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    commitment: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    frequencyHz: integer(100_000_000, 3_000_000_000),
    spreadingFactor: integer(5, 12),
    bandwidthHz: fc.constantFrom(125_000, 250_000, 500_000),
    rssiChannelDdbm: optional(integer(-2000, 500)),
    rssiSignalDdbm: optional(integer(-2000, 500)),
    snrDdb: integer(-500, 500),
    receivedAtMs: integer(0, 2 ** 45),
    gatewayTimeUs: fc.oneof(integer(0, 9), integer(0, Number.MAX_SAFE_INTEGER)),
    fineTimeNs: optional(integer(0, 999_999_999)),
    gpsTimeNs: optional(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    frequencyOffsetHz: optional(integer(-500_000, 500_000)),
    antennaIndex: optional(integer(0, 255)),
  })
  .map((fields) => {
    const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    return { kind: 'witness', ...present } as unknown as WitnessReport;
  });

describe('canonical encoding', () => {
  it('of a witness report is the one of the protocol, and so is its id', () => {
    const name = createReportNamer('test-net', sha256);
    const signer = new Uint8Array(32).fill(9);
    fc.assert(
      fc.property(witnesses, (report) => {
        const encoded = new ReportEncoder().encode(report);
        expect(encoded).toEqual(encodeReport(report));
        expect(name(signer, encoded)).toEqual(reportId('test-net', signer, report));
      }),
      { numRuns: 500 },
    );
  });

  it('of any other report is left to the protocol', () => {
    const status = {
      kind: 'gateway_status',
      framesReceived: 1,
      framesSent: 0,
      gatewaySoftware: 'x',
      gpsLock: true,
    } as const;
    expect(new ReportEncoder().encode(status)).toEqual(encodeReport(status));
  });
});
