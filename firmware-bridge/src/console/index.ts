/** What every program of the network that a person starts has in common. */
export { createPrettyStream } from '../cli/pretty-log.ts';
export { type SignalSource, untilShutdown } from '../cli/shutdown.ts';
export { didYouMean } from '../config/suggest.ts';
