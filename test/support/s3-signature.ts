// The server's half of AWS Signature Version 4, header form: does this request carry a good signature of the one known secret?
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { S3Error } from './s3-error.js'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const MAX_SKEW_MS = 15 * 60_000
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/** Throws the S3Error that the real service answers. */
export function verifySignature(request: IncomingMessage, body: Buffer, { accessKeyId, secretAccessKey }: Credentials, now: number): void {
  const header = (name: string) => String(request.headers[name] ?? '')
  const parts = AUTHORIZATION.exec(header('authorization'))
  if (!parts) throw new S3Error(403, 'AccessDenied', 'Access Denied')
  const [, keyId, day, region, signedHeaders, signature] = parts as unknown as [string, string, string, string, string, string]
  if (keyId !== accessKeyId)
    throw new S3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')

  const date = header('x-amz-date')
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!date.startsWith(day) || !(Math.abs(now - time) < MAX_SKEW_MS)) {
    throw new S3Error(403, 'RequestTimeTooSkewed', "The difference between the request time and the server's time is too large.")
  }
  const names = signedHeaders.split(';')
  const mustSign = Object.keys(request.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'))
  if (mustSign.some((name) => !names.includes(name)))
    throw new S3Error(403, 'AccessDenied', 'There were headers present in the request which were not signed')

  const payloadHash = header('x-amz-content-sha256')
  const url = new URL(request.url!, 'http://localhost')
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const canonical = [
    request.method,
    request.url!.split('?')[0],
    query.join('&'),
    ...names.map((name) => `${name}:${header(name).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    payloadHash,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  if (hmac(key, toSign).toString('hex') !== signature) {
    throw new S3Error(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.')
  }
  if (/^[0-9a-f]{64}$/.test(payloadHash) && payloadHash !== createHash('sha256').update(body).digest('hex')) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.")
  }
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
