import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { BridgeStatus } from '../bridge/bridge-status.ts';

const DOOR = z.object({ port: z.int().min(1).max(65_535), token: z.string(), pid: z.int() });
const TIMEOUT_MS = 5_000;

/** Nobody answers for this data folder. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Asks the bridge that runs on a data folder. Rejects with NotRunningError when none does. */
export async function fetchStatus(doorPath: string): Promise<BridgeStatus> {
  const door = await readDoor(doorPath);
  try {
    const response = await fetch(`http://127.0.0.1:${door.port}/status`, {
      headers: { authorization: `Bearer ${door.token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return (await response.json()) as BridgeStatus;
  } catch (error) {
    throw new NotRunningError('the bridge does not answer', { cause: error });
  }
  throw new NotRunningError('another program answers on the port of the bridge');
}

async function readDoor(path: string): Promise<z.infer<typeof DOOR>> {
  try {
    return DOOR.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new NotRunningError('there is no running bridge', { cause: error });
  }
}
