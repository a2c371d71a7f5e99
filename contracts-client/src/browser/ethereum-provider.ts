/** What a wallet puts into a page (EIP-1193); everything it answers is to be checked. */
export interface EthereumProvider {
  request(request: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
  on?(event: string, listener: (value: unknown) => void): unknown;
  removeListener?(event: string, listener: (value: unknown) => void): unknown;
}

/** Codes of EIP-1193, EIP-1474 and EIP-3085 that mean something to a person. */
export const PROVIDER_CODES = {
  userRejected: 4001,
  unauthorized: 4100,
  disconnected: 4900,
  chainDisconnected: 4901,
  unknownChain: 4902,
  alreadyAsking: -32_002,
} as const;
export type ProviderFault = keyof typeof PROVIDER_CODES;

/** What a provider's error says by its code; undefined for every other. */
export function providerFault(error: unknown): ProviderFault | undefined {
  const codes = codesOf(error);
  const names = Object.keys(PROVIDER_CODES) as ProviderFault[];
  return names.find((name) => codes.includes(PROVIDER_CODES[name]));
}

/** Wallets wrap the errors of their endpoints, each in its own way. */
function codesOf(error: unknown, depth = 0): number[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { code, data, cause, originalError } = error as Readonly<Record<string, unknown>>;
  const inner = [data, cause, originalError].flatMap((each) => codesOf(each, depth + 1));
  return typeof code === 'number' ? [code, ...inner] : inner;
}

const ACCOUNT = /^0x[0-9a-fA-F]{40}$/;

/** The accounts a wallet lets this page see. `ask`: let it ask its owner; else it answers at once, perhaps with none. */
export async function readAccounts(provider: EthereumProvider, ask: boolean): Promise<readonly `0x${string}`[]> {
  return accountsOf(await provider.request({ method: ask ? 'eth_requestAccounts' : 'eth_accounts' }));
}

export const accountsOf = (value: unknown): readonly `0x${string}`[] =>
  Array.isArray(value)
    ? value.filter((each): each is `0x${string}` => typeof each === 'string' && ACCOUNT.test(each))
    : [];

/** The chain a wallet is on. Throws RangeError when it says nothing that is a chain id. */
export async function readChainId(provider: EthereumProvider): Promise<number> {
  return quantity(await provider.request({ method: 'eth_chainId' }));
}

/** Asks the wallet to change to a chain it knows; errors are the provider's. */
export async function switchChain(provider: EthereumProvider, chainId: number): Promise<void> {
  await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: `0x${chainId.toString(16)}` }] });
}

/** A number as JSON-RPC writes it. Throws RangeError for anything else. */
export function quantity(value: unknown): number {
  const number = typeof value === 'string' && /^0x[0-9a-fA-F]{1,13}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new RangeError('the wallet answered something that is no number');
  return number;
}
