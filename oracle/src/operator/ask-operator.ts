import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { doorFile, type OperatorDoor } from './operator-door.ts';
import type { OperatorAnswer, OperatorRequest } from './operator-request.ts';

const DOOR = z.object({ port: z.int().min(1).max(65_535), token: z.string(), pid: z.int() });
const PROBLEM = z.object({ problem: z.string() });
/** Longer than a full disk is tried again for. */
const TIMEOUT_MS = 30_000;

/** No oracle runs on the data folder, or it cannot do what was asked; the message says what to do. */
class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

type AnswerTo<Request extends OperatorRequest> = Extract<OperatorAnswer, { ask: Request['ask'] }>;

/** Asks the oracle that runs on a data folder. Rejects with OperatorError. */
export async function askOperator<Request extends OperatorRequest>(
  dataDirectory: string,
  request: Request,
): Promise<AnswerTo<Request>> {
  const door = await readDoor(dataDirectory);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`http://127.0.0.1:${door.port}/operator`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.json();
  } catch (error) {
    throw notRunning(dataDirectory, error);
  }
  if (response.ok) return body as AnswerTo<Request>;
  const problem = PROBLEM.safeParse(body);
  if (!problem.success || response.status === 401) throw notRunning(dataDirectory);
  throw new OperatorError(`The oracle could not do it: ${problem.data.problem}`);
}

async function readDoor(dataDirectory: string): Promise<OperatorDoor> {
  let text: string;
  try {
    text = await readFile(doorFile(dataDirectory), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
      throw new OperatorError(
        `${doorFile(dataDirectory)} cannot be read: run this as the user the oracle runs as, who alone may write its log.`,
      );
    }
    throw notRunning(dataDirectory, error);
  }
  try {
    return DOOR.parse(JSON.parse(text));
  } catch (error) {
    throw notRunning(dataDirectory, error);
  }
}

const notRunning = (dataDirectory: string, cause?: unknown): OperatorError =>
  new OperatorError(
    `No oracle is running on ${dataDirectory}: only a running one can write its log. Start it with  sextant-oracle start  or name its folder with --data.`,
    { cause },
  );
