// What the test server keeps, and what each S3 operation does to it. Path style only, no versions.

import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { S3Error, xml } from './s3-error.js'
import { uploadOperation } from './s3-uploads.js'

export interface Kept {
  readonly body: Buffer
  readonly etag: string
  readonly modified: Date
}

export type Buckets = Map<string, Map<string, Kept>>

export interface Operation {
  readonly method: string
  readonly bucket: string
  /** Empty for the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

const EMPTY = Buffer.alloc(0)

export function keep(body: Buffer): Kept {
  return { body, etag: `"${createHash('md5').update(body).digest('hex')}"`, modified: new Date() }
}

/** Throws the S3Error that the real service answers. `pageSize` bounds a listing from above, as 1,000 does on Amazon. */
export function perform(buckets: Buckets, operation: Operation, pageSize: number): Answer {
  const { method, bucket, key } = operation
  if (key !== '' && buckets.has(bucket)) {
    const uploaded = uploadOperation(operation)
    if (uploaded?.kind === 'answer')
      return answer(200, { 'content-type': 'application/xml', ...uploaded.headers }, Buffer.from(uploaded.body))
    if (uploaded?.kind === 'abort') return answer(204)
    if (uploaded?.kind === 'complete') {
      precondition(operation.headers, buckets.get(bucket)!.get(key))
      uploaded.end()
      const now = keep(uploaded.body)
      buckets.get(bucket)!.set(key, now)
      const text = `<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUploadResult><Bucket>${xml(bucket)}</Bucket><Key>${xml(key)}</Key><ETag>${xml(now.etag)}</ETag></CompleteMultipartUploadResult>`
      return answer(200, { 'content-type': 'application/xml' }, Buffer.from(text))
    }
  }
  if (key === '' && method === 'PUT') {
    if (buckets.has(bucket)) throw new S3Error(409, 'BucketAlreadyOwnedByYou', 'The bucket exists already and is yours.')
    buckets.set(bucket, new Map())
    return answer(200)
  }
  const objects = buckets.get(bucket)
  if (!objects) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist')
  if (key === '') {
    if (method === 'HEAD') return answer(200)
    if (method === 'GET' && operation.query.get('list-type') === '2') return list(bucket, objects, operation.query, pageSize)
    throw new S3Error(501, 'NotImplemented', `${method} of a bucket is not implemented`)
  }
  const kept = objects.get(key)
  switch (method) {
    case 'GET':
    case 'HEAD': {
      if (!kept) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.')
      const headers = { etag: kept.etag, 'last-modified': kept.modified.toUTCString(), 'content-type': 'application/octet-stream' }
      const range = /^bytes=(\d+)-(\d+)$/.exec(String(operation.headers.range ?? ''))
      if (range === null) {
        const body = method === 'HEAD' ? EMPTY : kept.body
        return { status: 200, headers: { ...headers, 'content-length': String(kept.body.length) }, body }
      }
      const start = Number(range[1])
      if (start >= kept.body.length) throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable')
      const body = kept.body.subarray(start, Number(range[2]) + 1)
      const place = `bytes ${start}-${start + body.length - 1}/${kept.body.length}`
      return { status: 206, headers: { ...headers, 'content-length': String(body.length), 'content-range': place }, body }
    }
    case 'PUT': {
      if (operation.headers['x-amz-copy-source']) {
        throw new S3Error(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented')
      }
      precondition(operation.headers, kept)
      const now = keep(decode(operation.headers, operation.body))
      objects.set(key, now)
      return answer(200, { etag: now.etag })
    }
    case 'DELETE':
      objects.delete(key)
      return answer(204)
    default:
      throw new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.')
  }
}

function answer(status: number, headers: Record<string, string> = {}, body: Buffer = EMPTY): Answer {
  return { status, headers: status === 204 ? headers : { ...headers, 'content-length': String(body.length) }, body }
}

function precondition(headers: IncomingHttpHeaders, kept: Kept | undefined): void {
  const failed = new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  if (headers['if-none-match'] === '*' && kept) throw failed
  const match = headers['if-match']
  if (match === undefined) return
  if (!kept) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.')
  if (match !== '*' && match.replaceAll('"', '') !== kept.etag.replaceAll('"', '')) throw failed
}

/** Takes the chunks apart that the SDK sends for streams and for trailing checksums; signed chunks are refused. */
function decode(headers: IncomingHttpHeaders, body: Buffer): Buffer {
  const kind = String(headers['x-amz-content-sha256'] ?? '')
  if (!kind.startsWith('STREAMING-')) return body
  if (kind !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw new S3Error(501, 'NotImplemented', 'Signed chunks are not implemented')
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at)
    const size = end < 0 ? Number.NaN : Number.parseInt(body.toString('latin1', at, end), 16)
    if (Number.isNaN(size)) throw new S3Error(400, 'IncompleteBody', 'The chunks of the body are not well formed')
    if (size === 0) break
    chunks.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  const whole = Buffer.concat(chunks)
  if (whole.length !== Number(headers['x-amz-decoded-content-length']))
    throw new S3Error(400, 'IncompleteBody', 'The body has another length')
  return whole
}

function list(bucket: string, objects: ReadonlyMap<string, Kept>, query: URLSearchParams, pageSize: number): Answer {
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()
  const limit = Math.min(Number(query.get('max-keys') ?? 1000), pageSize)
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const page = keys.slice(0, limit)
  const more = keys.length > page.length
  const contents = page.map((key) => {
    const { body, etag, modified } = objects.get(key)!
    return `<Contents><Key>${xml(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>${xml(etag)}</ETag><Size>${body.length}</Size></Contents>`
  })
  const next = more ? `<NextContinuationToken>${Buffer.from(page.at(-1)!).toString('base64url')}</NextContinuationToken>` : ''
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${xml(bucket)}</Name><Prefix>${xml(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
  return answer(200, { 'content-type': 'application/xml' }, Buffer.from(text))
}
