import type { EthereumProvider } from './ethereum-provider.ts';

/** A wallet that announced itself. Its name is text from elsewhere: shown, never believed. */
export interface DiscoveredWallet {
  /** Reverse domain name, the same at each visit; empty for a wallet that only put `window.ethereum` there. */
  readonly rdns: string;
  readonly name: string;
  readonly provider: EthereumProvider;
}

const MAX_NAME = 40;

/**
 * Every wallet in the page: those that announce themselves (EIP-6963), else the one at `window.ethereum`. Calls `onChange` with
 * the whole list now and whenever another announces itself. Returns how to stop.
 */
export function discoverWallets(
  page: EventTarget & { readonly ethereum?: unknown },
  onChange: (wallets: readonly DiscoveredWallet[]) => void,
): () => void {
  const found = new Map<string, DiscoveredWallet>();
  const tell = (): void => onChange(found.size > 0 ? [...found.values()] : fallback(page.ethereum));
  const announced = (event: Event): void => {
    const wallet = walletOf((event as CustomEvent<unknown>).detail);
    if (wallet === undefined || found.has(wallet.rdns)) return;
    found.set(wallet.rdns, wallet);
    tell();
  };
  page.addEventListener('eip6963:announceProvider', announced);
  page.dispatchEvent(new Event('eip6963:requestProvider'));
  if (found.size === 0) tell();
  return () => page.removeEventListener('eip6963:announceProvider', announced);
}

function walletOf(detail: unknown): DiscoveredWallet | undefined {
  const { info, provider } = (detail ?? {}) as { readonly info?: unknown; readonly provider?: unknown };
  const { rdns, name } = (info ?? {}) as { readonly rdns?: unknown; readonly name?: unknown };
  if (!isProvider(provider) || typeof rdns !== 'string' || typeof name !== 'string') return undefined;
  return { rdns, name: name.slice(0, MAX_NAME), provider };
}

const fallback = (ethereum: unknown): DiscoveredWallet[] =>
  isProvider(ethereum) ? [{ rdns: '', name: 'Browser wallet', provider: ethereum }] : [];

const isProvider = (value: unknown): value is EthereumProvider =>
  typeof value === 'object' && value !== null && typeof (value as EthereumProvider).request === 'function';
