// Multipart uploads of the test server: begun, given parts, completed or aborted.

import { createHash, randomUUID } from 'node:crypto'
import { S3Error, xml } from './s3-error.js'
import type { Operation } from './s3-objects.js'

interface Upload {
  readonly place: string
  readonly parts: Map<number, Buffer>
}

export type Uploaded =
  | { readonly kind: 'answer'; readonly body: string; readonly headers?: Record<string, string> }
  | { readonly kind: 'abort' }
  /** `end` forgets the upload, once its preconditions hold. */
  | { readonly kind: 'complete'; readonly body: Buffer; readonly end: () => void }

const uploads = new Map<string, Upload>()

/** Uploads that were begun and neither completed nor aborted. */
export function openUploads(): number {
  return uploads.size
}

/** `undefined` when the operation has nothing to do with uploads in parts. */
export function uploadOperation({ method, bucket, key, query, body }: Operation): Uploaded | undefined {
  const place = `${bucket}/${key}`
  if (method === 'POST' && query.has('uploads')) {
    const id = randomUUID()
    uploads.set(id, { place, parts: new Map() })
    const text = `<InitiateMultipartUploadResult><Bucket>${xml(bucket)}</Bucket><Key>${xml(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`
    return { kind: 'answer', body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}` }
  }
  const id = query.get('uploadId')
  if (id === null) return undefined
  const upload = uploads.get(id)
  if (upload === undefined || upload.place !== place)
    throw new S3Error(404, 'NoSuchUpload', 'The specified multipart upload does not exist.')
  if (method === 'DELETE') {
    uploads.delete(id)
    return { kind: 'abort' }
  }
  if (method === 'PUT') {
    upload.parts.set(Number(query.get('partNumber')), body)
    return { kind: 'answer', body: '', headers: { etag: etagOf(body) } }
  }
  const wanted = [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part!)?.[1]),
    etag: /<ETag>(.*?)<\/ETag>/.exec(part!)?.[1]?.replaceAll('&quot;', '"'),
  }))
  const parts = wanted.map(({ number, etag }, index) => {
    const part = upload.parts.get(number)
    if (part === undefined || number !== index + 1 || etag?.replaceAll('"', '') !== etagOf(part).replaceAll('"', ''))
      throw new S3Error(400, 'InvalidPart', 'One or more of the specified parts could not be found.')
    return part
  })
  return { kind: 'complete', body: Buffer.concat(parts), end: () => uploads.delete(id) }
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}
