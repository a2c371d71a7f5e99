import type { AddressText, ChainView, OwnerProofView, OwnerRewardView, OwnerView, Page } from '@sextant/oracle/api';
import { type ApiClient, ApiError } from '../api/api-client.ts';

/** What the API says of owners and of the chain; the same errors as `ApiClient`. */
export class OwnerApi {
  readonly #api: Pick<ApiClient, 'get'>;

  constructor(api: Pick<ApiClient, 'get'>) {
    this.#api = api;
  }

  /** Undefined when the network settles on no chain. */
  chain(): Promise<ChainView | undefined> {
    return this.#orNothing(this.#api.get<ChainView>('/chain', {}), 'no_chain');
  }

  owner(address: AddressText, claimed: bigint): Promise<OwnerView> {
    return this.#api.get(`/owners/${address}`, { claimed: String(claimed) });
  }

  rewards(
    address: AddressText,
    { from, to }: { readonly from: number; readonly to: number },
    after?: string,
  ): Promise<Page<OwnerRewardView>> {
    return this.#api.get(`/owners/${address}/rewards`, { from, to, after });
  }

  /** Base units earned up to and with an epoch; undefined when it is not closed here or paid nothing yet. */
  async earnedBy(address: AddressText, epoch: number): Promise<bigint | undefined> {
    const answer = this.#api.get<OwnerProofView>(`/epochs/${epoch}/owners/${address}`, {});
    const proof = await this.#orNothing(answer, 'unknown_epoch', 'not_in_epoch', 'proof_gone');
    return proof === undefined ? undefined : BigInt(proof.cumulative);
  }

  #orNothing<Value>(answer: Promise<Value>, ...codes: readonly string[]): Promise<Value | undefined> {
    return answer.catch((error: unknown) => {
      if (error instanceof ApiError && codes.includes(error.code)) return undefined;
      throw error;
    });
  }
}
