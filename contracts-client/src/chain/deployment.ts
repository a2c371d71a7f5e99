import { getAddress, isAddress } from 'viem';
import { z } from 'zod';

/** An EVM address in any case, as its checksummed text. */
export const addressText = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an EVM address (0x and 40 hex digits)')
  .transform((text) => getAddress(text));

/** What `sextant-deploy` writes: where on which chain the contracts of a network are. */
export const deploymentSchema = z.strictObject({
  version: z.literal(1),
  chainId: z.int().positive(),
  /** Nothing of this deployment is in an earlier block. */
  fromBlock: z.int().nonnegative(),
  contracts: z.strictObject({
    timelock: addressText,
    token: addressText,
    emission: addressText,
    validators: addressText,
    hotspots: addressText,
    distributor: addressText,
  }),
});

export type Deployment = Readonly<z.infer<typeof deploymentSchema>>;

/** A deployment file is missing or is none; the message says which and what to do. */
export class DeploymentFileError extends Error {
  override readonly name = 'DeploymentFileError';
}

/** Reads the text of a deployment file. Throws DeploymentFileError. */
export function parseDeployment(text: string): Deployment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DeploymentFileError('The deployment file is not JSON. It is what sextant-deploy wrote.', {
      cause: error,
    });
  }
  const result = deploymentSchema.safeParse(value);
  if (result.success) return result.data;
  throw new DeploymentFileError(`The deployment file cannot be used:\n${z.prettifyError(result.error)}`);
}
