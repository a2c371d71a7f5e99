import type { FastifyError } from 'fastify';
import { LedgerError } from '../ledger/index.ts';
import { kindOfFailure } from '../store/index.ts';
import { ApiProblem } from './api-problem.ts';

const RETRY_S = 5;

/** What a client is told about an error of any kind. Nothing of an error we did not write ourselves gets out. */
export function problemOfError(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isFrameworkError(error)) return problemOfFramework(error);
  if (isClientError(error)) return BAD_REQUEST;
  if (error instanceof LedgerError) return problemOfLedger(error);
  const failure = kindOfFailure(error);
  if (failure === 'other' || failure === 'value') {
    return internal(error);
  }
  return new ApiProblem(
    'database_unavailable',
    'The database is away or being filled again from the log. Reports are admitted meanwhile; ask again in a moment.',
    { retryAfterS: RETRY_S, cause: error },
  );
}

const BAD_REQUEST = new ApiProblem(
  'bad_request',
  'This address or request cannot be read. /openapi.json lists what exists.',
);

const internal = (cause: unknown): ApiProblem =>
  new ApiProblem('internal', 'This is a mistake in the oracle. Its log says more; please report it.', { cause });

/** Libraries say by a status that the request is to blame. */
const isClientError = (error: unknown): boolean =>
  error instanceof Error &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode >= 400 &&
  error.statusCode < 500;

function problemOfLedger(error: LedgerError): ApiProblem {
  if (error.code === 'out_of_range') {
    return new ApiProblem('not_in_log', 'The log has no such entry yet. Its checkpoint says how many there are.');
  }
  return new ApiProblem('ledger_unavailable', 'The log cannot be read or written now. Ask again in a moment.', {
    retryAfterS: RETRY_S,
    cause: error,
  });
}

function isFrameworkError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('FST_');
}

function problemOfFramework(error: FastifyError): ApiProblem {
  if (error.validation) return problemOfValidation(error);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new ApiProblem('body_too_large', 'The body is larger than this server takes. No valid request is.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new ApiProblem(
        'wrong_media_type',
        'Send the body as JSON with the header Content-Type: application/json.',
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiProblem('bad_body', 'The body is no JSON document. Send the object that /openapi.json describes.');
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new ApiProblem('timeout', 'The answer took too long. Ask again, or for less at a time.', {
        retryAfterS: RETRY_S,
      });
    default:
      return isClientError(error) ? BAD_REQUEST : internal(error);
  }
}

function problemOfValidation(error: FastifyError): ApiProblem {
  const [first] = error.validation ?? [];
  const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const params = first?.params as
    | { additionalProperty?: string; missingProperty?: string; pattern?: string }
    | undefined;
  const name = [path, params?.additionalProperty ?? params?.missingProperty].filter(Boolean).join('.');
  const wrong = params?.pattern === undefined ? (first?.message ?? 'is not valid') : 'is not of the documented form';
  const where = error.validationContext === 'body' ? 'body' : 'parameters';
  const subject = name === '' ? `The ${where}` : `\`${name.slice(0, 64)}\``;
  return new ApiProblem(
    where === 'body' ? 'bad_body' : 'bad_parameter',
    `${subject} ${wrong}. /openapi.json describes the ${where} of this route.`,
  );
}
