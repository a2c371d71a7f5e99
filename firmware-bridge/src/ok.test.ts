import { expect, it } from 'vitest';
import { hertzFromMhz } from './protocol/index.ts';

it('x', () => expect(hertzFromMhz(868.1)).toBe(868_100_000));
