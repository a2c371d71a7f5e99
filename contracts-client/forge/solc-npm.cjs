#!/usr/bin/env node
// npm's solc behind the command line that forge speaks: --version, and --standard-json from stdin.
const { readFileSync, writeSync } = require('node:fs');
const solc = require('solc');

/** process.exit would cut a pipe short. */
function write(text) {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

if (process.argv.includes('--version')) {
  write(
    `solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('.Emscripten.clang', '')}\n`,
  );
} else {
  const readImport = (path) => ({ error: `${path} is not among the sources` });
  write(solc.compile(readFileSync(0, 'utf8'), { import: readImport }));
}
