import { z } from 'zod';
import { addressText } from '../chain/deployment.ts';
import { leastThreshold, MAX_VALIDATORS } from '../encoding/index.ts';

const bytes32 = z
  .stringFormat('bytes32', /^0x[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase() as `0x${string}`);
/** A whole number as text: JSON numbers lose digits. */
const amount = z.stringFormat('whole number', /^\d{1,30}$/).transform(BigInt);
const seconds = z
  .int()
  .nonnegative()
  .max(10 * 365 * 86_400);

const validator = z.strictObject({ account: addressText, logKey: bytes32, mirrorKey: bytes32, chainAnchor: bytes32 });

/** Everything about a deployment that a person decides. */
export const deployConfigSchema = z
  .strictObject({
    chainId: z.int().positive(),
    token: z.strictObject({ name: z.string().min(1).max(64), symbol: z.string().min(1).max(16) }),
    schedule: z.strictObject({
      genesisMs: z.int().positive(),
      epochMs: z
        .int()
        .min(1000)
        .max(86_400_000 * 31),
      /** Base units. */
      emissionPerDay: amount,
      halvingDays: z.int().positive().max(36_500),
    }),
    /** Shorter than an epoch. */
    vetoSeconds: seconds,
    guardian: addressText,
    /** May propose what the timelock then does, and take proposals back. */
    governor: addressText,
    timelockDelaySeconds: seconds,
    validators: z.array(validator).min(1).max(MAX_VALIDATORS),
    threshold: z.int().positive(),
    minBondWei: amount,
    bondExitDelaySeconds: seconds,
    hotspotDepositWei: amount,
    hotspotReleaseDelaySeconds: seconds,
  })
  .transform((config) => ({
    ...config,
    validators: config.validators.toSorted((a, b) => (BigInt(a.account) < BigInt(b.account) ? -1 : 1)),
  }))
  .check((ctx) => {
    const { validators, threshold, vetoSeconds, schedule } = ctx.value;
    const fault = (path: string, message: string): void => {
      ctx.issues.push({ code: 'custom', path: [path], message, input: ctx.value });
    };
    const least = leastThreshold(validators.length);
    if (threshold < least || threshold > validators.length) {
      fault('threshold', `of ${validators.length} validators, ${least} to ${validators.length} have to sign`);
    }
    if (vetoSeconds * 1000 >= schedule.epochMs) fault('vetoSeconds', 'the veto window must be shorter than an epoch');
    if (new Set(validators.map(({ account }) => account)).size !== validators.length)
      fault('validators', 'an account is named twice');
    const keys = validators.flatMap(({ logKey, mirrorKey }) => [logKey, mirrorKey]);
    if (new Set(keys).size !== keys.length) fault('validators', 'a log or mirror key is named twice');
  });

export type DeployConfig = Readonly<z.infer<typeof deployConfigSchema>>;
/** As it stands in a file. */
export type DeployConfigInput = z.input<typeof deployConfigSchema>;

/** A deployment's configuration cannot be used; the message says where and why. */
export class DeployConfigError extends Error {
  override readonly name = 'DeployConfigError';
}

/** Checks everything the constructors check, before anything costs gas. Throws DeployConfigError. */
export function parseDeployConfig(value: unknown): DeployConfig {
  const result = deployConfigSchema.safeParse(value);
  if (result.success) return result.data;
  throw new DeployConfigError(`The deployment's configuration cannot be used:\n${z.prettifyError(result.error)}`);
}
