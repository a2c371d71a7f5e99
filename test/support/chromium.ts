import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

/** WebGL 2 in software, and nothing that talks to the network on its own. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** `al2023` holds the libraries chromium needs on a bare machine. */
const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'] as const;

/**
 * Starts the chromium that comes as an npm package, with its own libraries, fonts and a software WebGL 2, whatever the machine
 * has or has not. The first time it is unpacked into `.cache` of the repository (about 250 MB, some seconds). Close it.
 */
export async function launchChromium(): Promise<Browser> {
  const folder = await unpack();
  const libraries = [join(folder, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH']].filter(
    (path) => path !== undefined,
  );
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: FLAGS,
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_PATH: join(folder, 'fonts') },
  });
}

async function unpack(): Promise<string> {
  const packageFolder = findPackage('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const folder = join(findRepository(), '.cache', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  // Unpacked beside and renamed when complete: a run that was killed or a second one at the same time leaves no half of it.
  const workFolder = `${folder}.${process.pid}`;
  mkdirSync(workFolder, { recursive: true });
  const systemTmp = process.env['TMPDIR'];
  process.env['TMPDIR'] = workFolder;
  try {
    await Promise.all(ARCHIVES.map((archive) => inflate(join(packageFolder, 'bin', archive))));
  } finally {
    if (systemTmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = systemTmp;
  }
  // The one that comes along looks for fonts in folders of another system.
  writeFileSync(join(workFolder, 'fonts', 'fonts.conf'), fontsConfiguration(join(folder, 'fonts')));
  try {
    renameSync(workFolder, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(workFolder, { recursive: true, force: true });
  }
  return folder;
}

const fontsConfiguration = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${folder}/cache</cachedir></fontconfig>
`;

function findPackage(name: string): string {
  let folder = dirname(require.resolve(name));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function findRepository(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}
