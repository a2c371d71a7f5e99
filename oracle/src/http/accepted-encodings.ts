import type { FastifyRequest } from 'fastify';

/** Whether a client can unpack `encoding`, by its Accept-Encoding (RFC 9110, section 12.5.3). */
export function acceptsEncoding(request: Pick<FastifyRequest, 'headers'>, encoding: 'br' | 'gzip'): boolean {
  const header = request.headers['accept-encoding'];
  const offers = (Array.isArray(header) ? header.join(',') : (header ?? '')).toLowerCase().split(',');
  const weights = new Map<string, boolean>();
  for (const offer of offers) {
    const [name = '', ...parameters] = offer.split(';').map((part) => part.trim());
    weights.set(name, !parameters.some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter)));
  }
  return weights.get(encoding) ?? weights.get('*') ?? false;
}
