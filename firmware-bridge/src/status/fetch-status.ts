import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AppealRequest } from '../appeal/appeal-request.ts';
import type { BridgeStatus } from '../bridge/bridge-status.ts';

const DOOR = z.object({ port: z.int().min(1).max(65_535), token: z.string(), pid: z.int() });
const TIMEOUT_MS = 5_000;

/** Nobody answers for this data folder. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** Asks the bridge that runs on a data folder. Rejects with NotRunningError when none does. */
export async function fetchStatus(doorPath: string): Promise<BridgeStatus> {
  const response = await knock(doorPath, '/status', {});
  if (response.ok) return (await response.json()) as BridgeStatus;
  throw new NotRunningError('another program answers on the port of the bridge');
}

/**
 * Hands an appeal to the bridge that runs on a data folder; resolves when it is in the outbox, to false when that bridge
 * does not serve the hotspot. Rejects with NotRunningError when none runs.
 */
export async function handInAppeal(doorPath: string, request: AppealRequest): Promise<boolean> {
  const response = await knock(doorPath, '/appeal', { method: 'POST', body: JSON.stringify(request) });
  if (response.status === 204 || response.status === 409) return response.status === 204;
  throw new NotRunningError('the bridge that runs is of another version, or another program answers on its port');
}

async function knock(doorPath: string, path: string, init: { method?: 'POST'; body?: string }): Promise<Response> {
  const door = await readDoor(doorPath);
  const headers = { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' };
  try {
    const url = `http://127.0.0.1:${door.port}${path}`;
    return await fetch(url, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new NotRunningError('the bridge does not answer', { cause: error });
  }
}

async function readDoor(path: string): Promise<z.infer<typeof DOOR>> {
  try {
    return DOOR.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new NotRunningError('there is no running bridge', { cause: error });
  }
}
