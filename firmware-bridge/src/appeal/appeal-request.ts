import { z } from 'zod';
import { ACCUSATION_CODES, type Appeal, bytesToHex, hexToBytes } from '../protocol/index.ts';

/** Rule set 1 judges no places, so nobody is accused of anything. */
export const FIRST_RULE_SET_WITH_APPEALS = 2;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** What `sextant-bridge appeal` hands to the running bridge; bytes are hex. */
export const APPEAL_REQUEST = z.strictObject({
  id: z.string().max(100),
  accusation: z.enum(ACCUSATION_CODES),
  epoch: z.int().nonnegative(),
  statementHash: hex(32).optional(),
  ownerSignature: hex(65),
});
export type AppealRequest = z.infer<typeof APPEAL_REQUEST>;

export function appealRequest(id: string, { accusation, epoch, statementHash, ownerSignature }: Appeal): AppealRequest {
  return {
    id,
    accusation,
    epoch,
    ...(statementHash ? { statementHash: bytesToHex(statementHash) } : {}),
    ownerSignature: bytesToHex(ownerSignature),
  };
}

/** The report a request is for. */
export function appealOf({ accusation, epoch, statementHash, ownerSignature }: AppealRequest): Appeal {
  return {
    kind: 'appeal',
    accusation,
    epoch,
    ...(statementHash === undefined ? {} : { statementHash: hexToBytes(statementHash) }),
    ownerSignature: hexToBytes(ownerSignature),
  };
}
