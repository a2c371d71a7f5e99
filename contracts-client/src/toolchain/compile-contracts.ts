import solc from 'solc';
import { z } from 'zod';
import { COMPILER_SETTINGS, CONTRACTS, type ContractName, readImport, readSources } from './solidity-sources.ts';

const offset = z.object({ start: z.int(), length: z.int() });

const compiledContract = z.object({
  abi: z.array(z.json()),
  evm: z.object({
    bytecode: z.object({ object: z.string() }),
    deployedBytecode: z.object({
      object: z.string(),
      immutableReferences: z.record(z.string(), z.array(offset)).default({}),
    }),
  }),
});

const compilerOutput = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z.record(z.string(), z.record(z.string(), compiledContract)).default({}),
});

export type CompiledContract = z.infer<typeof compiledContract>;

/** The compiler refused a source, or warned: both stop a build. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** Compiles with npm's solc, without any network. Takes seconds. */
export function compileContracts(): ReadonlyMap<ContractName, CompiledContract> {
  const input = {
    language: 'Solidity',
    sources: readSources(),
    settings: {
      ...COMPILER_SETTINGS,
      outputSelection: {
        '*': {
          '*': [
            'abi',
            'evm.bytecode.object',
            'evm.deployedBytecode.object',
            'evm.deployedBytecode.immutableReferences',
          ],
        },
      },
    },
  };
  const text = solc.compile(JSON.stringify(input), { import: (path: string) => ({ contents: readImport(path) }) });
  const output = compilerOutput.parse(JSON.parse(text));
  if (output.errors.length > 0) throw new CompileError(output.errors.map((e) => e.formattedMessage).join('\n'));
  const entries = Object.entries(CONTRACTS) as [ContractName, string][];
  return new Map(
    entries.map(([name, file]) => {
      const contract = output.contracts[file]?.[name];
      if (contract === undefined) throw new CompileError(`${file} has no contract ${name}`);
      return [name, contract];
    }),
  );
}
