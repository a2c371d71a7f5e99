import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ROOT_NAMES } from '../../core/index.ts';

/** Integers in a summary are text. */
const integer = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number);

/** What is read from a summary; what validators sign has it in this form. */
const Fields = z.object({
  epoch: integer,
  cut: z.array(z.object({ origin: z.string(), size: integer, root: z.string() })),
  rounds: z.array(z.object({ round: integer, entropy: z.string().optional() })),
  roots: z.record(z.enum(ROOT_NAMES), z.string()),
  previous: z.string().exactOptional(),
  registry: z
    .object({
      chainId: integer,
      registry: z.string().transform((address) => `0x${address}`),
      block: integer,
      hash: z.string(),
    })
    .exactOptional(),
});

/** The summary of a closed epoch: its bytes and what they say. */
export interface SignedSummary extends Readonly<z.output<typeof Fields>> {
  /** RFC 8785 JSON, exactly what was hashed. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, hex. */
  readonly hash: string;
}

/** Throws when the text is not what validators sign. */
export function readSummary(bytes: Uint8Array): SignedSummary {
  const fields = Fields.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  return { ...fields, bytes, hash: createHash('sha256').update(bytes).digest('hex') };
}
