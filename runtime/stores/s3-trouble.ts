// What S3 can refuse, with the way out.

import { MintmarkError } from '../errors.js'

const REFUSED: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch:
    'The secret key does not belong to the access key: correct the credentials (AWS_SECRET_ACCESS_KEY or the profile in use).',
  InvalidAccessKeyId: 'The server does not know this access key: correct the credentials (AWS_ACCESS_KEY_ID or the profile in use).',
  ExpiredToken: 'The credentials have expired: sign in again, or renew the session token.',
  InvalidToken: 'The session token is not valid: sign in again.',
  ExpiredTokenException: 'The credentials have expired: sign in again, or renew the session token.',
  TokenProviderError: 'The session has expired or was never begun: sign in again (`aws sso login`).',
  TokenRefreshRequired: 'The credentials have expired: sign in again, or renew the session token.',
  RequestTimeTooSkewed: "This machine's clock is too far from the server's: set it.",
  CredentialsProviderError:
    'No credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE), or a role.',
}
// Without the right to list, Amazon answers 403 instead of 404 for an object that is not there.
const RIGHTS = 'Allow s3:GetObject, s3:PutObject, s3:DeleteObject on the objects and s3:ListBucket on the bucket for these credentials.'

const ELSEWHERE = new Set(['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'])

/** MM3011, MM3012 or MM3013 around what the SDK threw; errors that have a code of ours already stay as they are. `store` is its name. */
export function s3Trouble(verb: 'read' | 'write' | 'delete' | 'list', store: string, error: unknown, timeoutMs: number): MintmarkError {
  if (error instanceof MintmarkError) return error
  const kind = nameOf(error)
  const status = statusOf(error)
  const trouble = (code: string, what: string) => new MintmarkError(code, `cannot ${verb} in ${store}: ${what}`, { cause: error })
  if (kind === 'NoSuchBucket') return trouble('MM3011', 'the bucket does not exist. Create it, or correct `bucket` and `endpoint`.')
  if (ELSEWHERE.has(kind) || status === 301 || status === 307) {
    const own = regionOf(error)
    const region = own === undefined ? "Set `region` to the bucket's own" : `It is in ${own}: set \`region\` to that`
    return trouble('MM3011', `the bucket is not served by this region or endpoint (${kind}). ${region}, and check \`endpoint\`.`)
  }
  if (kind in REFUSED) return trouble('MM3012', `${kind}. ${REFUSED[kind]}`)
  if (status === 401 || status === 403) return trouble('MM3012', `access refused (${status} ${kind}). ${RIGHTS}`)
  if (isTimeout(error)) {
    return trouble('MM3013', `no answer within ${timeoutMs} ms. Check \`endpoint\` and the network, or raise \`timeoutMs\`.`)
  }
  if (status === 501)
    return trouble(
      'MM3013',
      `the server answered 501 ${kind}: it has not what was asked. A \`client\` of yours may need \`requestChecksumCalculation: 'WHEN_REQUIRED'\`.`,
    )
  if (status !== undefined && status >= 400)
    return trouble('MM3013', `the server answered ${status} ${kind} and went on doing so. Try again later.`)
  const code = codeOf(error)
  return trouble('MM3013', `${code || kind}. Check \`endpoint\`, \`region\` and the network.`)
}

/** The SDK gives its name for a time limit also to connections that were reset, which are an answer of a kind and come at once. */
export function isTimeout(error: unknown): boolean {
  const named = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
  return named && !['ECONNRESET', 'EPIPE'].includes(codeOf(error))
}

/** The HTTP status of the answer that the SDK turned into this error; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  const metadata = error instanceof Error && '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : undefined
  return metadata?.httpStatusCode
}

/** Where the bucket is, if the answer says so. */
function regionOf(error: unknown): string | undefined {
  const answer =
    error instanceof Error && '$response' in error ? (error.$response as { headers?: Record<string, string> } | undefined) : undefined
  const region = answer?.headers?.['x-amz-bucket-region']
  return region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined
}

/** What S3 or the SDK calls the error. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
