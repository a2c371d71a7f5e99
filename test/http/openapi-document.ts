import { Ajv2020 } from 'ajv/dist/2020.js';

interface Media {
  readonly schema?: object;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<'get' | 'post', Operation | undefined>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: object;
  readonly body: string;
}

/** Compares answers with the document, and knows which operations were compared. */
export class Conformance {
  readonly seen = new Set<string>();
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(closed({ ...document, $id: 'openapi' }) as object);
  }

  operations(): string[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'head')
        .map((method) => `${method} ${path}`),
    );
  }

  /** What is wrong with the answer to `operation` (`get /api/v1/…/{id}`); empty = nothing. */
  faults(operation: string, answer: Answer): string[] {
    const [method = '', path = ''] = operation.split(' ');
    const described = this.#document.paths[path]?.[method as 'get'];
    if (described === undefined) return [`${operation} is not in the document`];
    this.seen.add(operation);
    const { statusCode } = answer;
    const response = described.responses[statusCode];
    if (response === undefined) return [`${operation} does not say that it answers ${statusCode}`];
    const type = contentType(answer.headers);
    const types = Object.keys(response.content ?? {});
    if (types.length === 0) return answer.body === '' ? [] : [`${operation} ${statusCode} should have no body`];
    if (!types.includes(type)) return [`${operation} ${statusCode} is ${type}, not ${types.join()}`];
    if (!type.endsWith('json')) return [];
    const pointer = ['paths', path, method, 'responses', String(statusCode), 'content', type, 'schema'];
    return this.#validate(pointer, JSON.parse(answer.body), `${operation} ${statusCode}`);
  }

  /** What is wrong with a value that should be a component. */
  componentFaults(name: string, value: unknown): string[] {
    return this.#validate(['components', 'schemas', name], value, name);
  }

  #validate(pointer: readonly string[], value: unknown, what: string): string[] {
    const ref = `openapi#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = this.#ajv.getSchema(ref) ?? this.#ajv.compile({ $ref: ref });
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${what}: ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

function contentType(headers: object): string {
  const value = 'content-type' in headers ? headers['content-type'] : '';
  return typeof value === 'string' ? (value.split(';', 1)[0] ?? '') : '';
}

/** The same schemas, but an object holds nothing that is not described: an answer with an undocumented field is a fault. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isObject = members['type'] === 'object' && 'properties' in members && !('additionalProperties' in members);
  return isObject ? { ...members, additionalProperties: false } : members;
}
