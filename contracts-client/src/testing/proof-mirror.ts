import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesToHex } from 'viem';
import type { OwnerProof } from '../proofs/owner-proof.ts';

export interface ProofMirror {
  readonly url: string;
  /** The proofs it serves from now on. */
  serve(proofs: readonly OwnerProof[]): void;
  stop(): Promise<void>;
}

/** A mirror on loopback that speaks the oracle's `GET /api/v1/epochs/:epoch/owners/:address`. */
export async function startProofMirror(): Promise<ProofMirror> {
  let served: readonly OwnerProof[] = [];
  const server = createServer((request, response) => {
    const match = /^\/api\/v1\/epochs\/(\d+)\/owners\/(0x[0-9a-f]{40})$/.exec(request.url ?? '');
    const proof = served.find(({ epoch, owner }) => String(epoch) === match?.[1] && owner.toLowerCase() === match[2]);
    response.statusCode = proof === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(proof === undefined ? '{}' : JSON.stringify(answerOf(proof)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(proofs) {
      served = proofs;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const answerOf = ({ epoch, owner, cumulative, path }: OwnerProof): object => ({
  epoch,
  owner: owner.toLowerCase(),
  cumulative: String(cumulative),
  path: path.map((sibling) => bytesToHex(sibling).slice(2)),
});
