import type { BridgeStatus } from '../bridge/bridge-status.ts';
import type { SteeringChannel } from '../clock/steered-clock.ts';
import { formatStatusJson } from '../status/status-server.ts';

/** What a parent process may ask of a running bridge. */
interface Askable {
  status(): Promise<BridgeStatus>;
  idle(): Promise<void>;
}

/**
 * Answers a parent process over node's IPC: `{ type: 'bridge/status' }` with `{ type, status }`, and `{ type: 'bridge/idle' }`
 * with the same once every outbox is empty and nothing is under way. An `id` in the question comes back in the answer.
 */
export function answerParent(channel: SteeringChannel, bridge: Askable): () => void {
  const onMessage = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    const { type } = message;
    const id = 'id' in message ? { id: message.id } : {};
    if (type === 'bridge/idle') void bridge.idle().then(() => channel.send?.({ type, ...id }));
    if (type === 'bridge/status') {
      void bridge
        .status()
        .then((status) => channel.send?.({ type, ...id, status: JSON.parse(formatStatusJson(status)) }));
    }
  };
  channel.on('message', onMessage);
  return () => void channel.off('message', onMessage);
}
