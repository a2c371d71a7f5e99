import { bytesToHex } from 'viem';
import { watchEpochs } from '../../actions/watch-epochs.ts';
import { type ClaimContext, tokens } from './context.ts';

export async function watchCommand(context: ClaimContext): Promise<number> {
  const { reader, deployment, stop } = context;
  context.say({ watching: deployment.contracts.distributor }, 'Waiting for epochs; Ctrl-C ends it.');
  for await (const { epoch, root, total, minted, block } of watchEpochs(reader, deployment, stop)) {
    const facts = { epoch, root: bytesToHex(root), total: String(total), minted: String(minted), block };
    context.say(facts, `epoch ${epoch} is claimable (block ${block}): ${tokens(minted)} more, ${tokens(total)} in all`);
  }
  return 0;
}
