import { type Settings, SettingsError } from './settings.ts';

const TIMEOUT_MS = 5_000;

/** Asks a running oracle how it is. Exit code 1 when it is not well. */
export async function runStatus(settings: Settings, flags: { json?: boolean }): Promise<void> {
  const base = `http://${settings['http-host']}:${settings['http-port']}`;
  const [health, network] = await Promise.all([ask(`${base}/healthz`), ask(`${base}/api/v1/network`)]);
  if (health['status'] !== 'ok') process.exitCode = 1;
  if (flags.json) {
    console.log(JSON.stringify({ health, network }));
    return;
  }
  for (const [title, facts] of [
    ['Health', health],
    ['Network', network],
  ] as const) {
    console.log(title);
    for (const [name, value] of Object.entries(facts)) {
      console.log(`  ${name.padEnd(20)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    }
  }
}

async function ask(url: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return (await response.json()) as Record<string, unknown>;
  } catch {
    throw new SettingsError(
      `No oracle answers at ${url}. Is it running? With another port: --http-port, with another address: --http-host.`,
    );
  }
}
