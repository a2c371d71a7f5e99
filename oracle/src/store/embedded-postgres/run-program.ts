import { execFile } from 'node:child_process';

/** How a program of the server is started: as whom, through which wrapper, with which libraries. */
export interface Identity {
  /** `self`: as this process. `user_namespace`: root, seen by the program as nobody. `nobody`: really as uid 65534. */
  readonly kind: 'self' | 'user_namespace' | 'nobody';
  /** Put in front of the program. */
  readonly wrapper: readonly string[];
  /** Switched to by the child itself. */
  readonly uid?: number;
  readonly gid?: number;
}

/** nobody and nogroup on every Linux with glibc; PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export const AS_SELF: Identity = { kind: 'self', wrapper: [] };
export const AS_NOBODY: Identity = { kind: 'nobody', wrapper: [], uid: NOBODY, gid: NOBODY };

/** unshare(1), util-linux: the same files with the same owner, but the program sees itself as nobody. */
export const inUserNamespace = (unshare: string): Identity => ({
  kind: 'user_namespace',
  wrapper: [unshare, '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
});

/** A fixed environment: no locale, time zone or `PG…` variable of the caller changes what the server does. */
export function serverEnvironment(libraryPath: string | undefined): Record<string, string> {
  const base = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  if (libraryPath === undefined) return base;
  const name = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { ...base, [name]: libraryPath };
}

/** Program and arguments with the identity's wrapper in front. */
export function commandFor(
  identity: Identity,
  program: string,
  args: readonly string[],
): { command: string; args: string[] } {
  const [command = program, ...rest] = [...identity.wrapper, program, ...args];
  return { command, args: rest };
}

/** The uid and gid a child switches to, as `spawn` wants them. */
export function switchTo(identity: Identity): { uid?: number; gid?: number } {
  return identity.uid === undefined || identity.gid === undefined ? {} : { uid: identity.uid, gid: identity.gid };
}

export interface ProgramResult {
  readonly ok: boolean;
  /** What it wrote to both outputs, or why it could not be started. */
  readonly output: string;
}

/** Runs a program to its end; at most two minutes. A failure is a value. */
export function runProgram(
  identity: Identity,
  program: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ProgramResult> {
  const { command, args: all } = commandFor(identity, program, args);
  return new Promise((resolve) => {
    execFile(
      command,
      all,
      { env: environment, cwd: '/', timeout: 120_000, encoding: 'utf8', ...switchTo(identity) },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (error === null) resolve({ ok: true, output });
        else resolve({ ok: false, output: output === '' ? error.message : output });
      },
    );
  });
}
