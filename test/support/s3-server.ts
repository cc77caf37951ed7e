// A small S3 server on loopback, for tests: `node s3-server.js`, with MINTMARK_TEST_S3 = JSON of ServerOptions in its environment.
// It prints `{"endpoint":"http://127.0.0.1:PORT"}`, checks every signature, and ends when its standard input does.
// Besides S3 it serves `POST /_control` (JSON of Control), by which a test plants objects, reads the log and queues faults.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorXml, S3Error } from './s3-error.js'
import { type Answer, type Buckets, keep, perform } from './s3-objects.js'
import { type Credentials, verifySignature } from './s3-signature.js'
import { openUploads } from './s3-uploads.js'

export interface ServerOptions extends Credentials {
  readonly buckets: readonly string[]
}

/** One thing that goes wrong. The first fault in the queue that matches a request is used for it, and is gone after `times` of them (default 1). */
export type Fault = {
  readonly method?: string
  /** Matches when the path contains it. */
  readonly path?: string
  /** Matches when the request has this header. */
  readonly header?: string
  readonly times?: number
} & (
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is reset before (default) or after the operation was performed. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** So many bytes of the body are sent, then the connection is closed, or with `stall` nothing more comes. */
  | { readonly kind: 'cut'; readonly bytes: number; readonly stall?: boolean }
  | { readonly kind: 'delay'; readonly ms: number }
  /** No answer at all. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'etag'; readonly etag: string }
  /** These headers are added to the answer. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  /** The operation is performed as if the request did not have these headers: by a server that does not know them. */
  | { readonly kind: 'ignore'; readonly headers: readonly string[] }
  /** Another answer than S3 would give, of a proxy perhaps; nothing is performed. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** So many bytes more or fewer are announced than sent, and the connection is closed. */
  | { readonly kind: 'length'; readonly off: number }
)

export type Control =
  | { readonly do: 'faults'; readonly faults: readonly Fault[] }
  /** Base64. */
  | { readonly do: 'plant'; readonly bucket: string; readonly key: string; readonly body: string }
  | { readonly do: 'read'; readonly bucket: string; readonly key: string }
  | { readonly do: 'pageSize'; readonly size: number }
  /** Answers the requests so far and forgets them. */
  | { readonly do: 'log' }
  /** Answers the most requests that were under way at once, and begins to count anew. */
  | { readonly do: 'busiest' }
  /** This server's clock is so many milliseconds ahead. */
  | { readonly do: 'clock'; readonly ahead: number }
  /** Answers how many multipart uploads are neither completed nor aborted. */
  | { readonly do: 'uploads' }

export interface LogLine {
  readonly method: string
  readonly path: string
  /** 0 when there was no whole answer. */
  status: number
  readonly headers: Readonly<Record<string, string>>
}

const { buckets: names, ...credentials } = JSON.parse(process.env.MINTMARK_TEST_S3!) as ServerOptions
const buckets: Buckets = new Map(names.map((name) => [name, new Map()]))
let faults: (Fault & { left: number })[] = []
let log: LogLine[] = []
let pageSize = 1000
let ahead = 0
let underWay = 0
let busiest = 0

function control(message: Control): unknown {
  switch (message.do) {
    case 'faults':
      faults = message.faults.map((fault) => ({ ...fault, left: fault.times ?? 1 }))
      return true
    case 'plant':
      buckets.get(message.bucket)!.set(message.key, keep(Buffer.from(message.body, 'base64')))
      return true
    case 'read':
      return buckets.get(message.bucket)?.get(message.key)?.body.toString('base64') ?? null
    case 'busiest': {
      const most = busiest
      busiest = underWay
      return most
    }
    case 'uploads':
      return openUploads()
    case 'clock':
      ahead = message.ahead
      return true
    case 'pageSize':
      pageSize = message.size
      return true
    case 'log': {
      const lines = log
      log = []
      return lines
    }
  }
}

function takeFault(request: IncomingMessage): Fault | undefined {
  const fault = faults.find(
    ({ left, method, path, header }) =>
      left > 0 &&
      (method === undefined || method === request.method) &&
      (path === undefined || decodeURIComponent(request.url!).includes(path)) &&
      (header === undefined || request.headers[header] !== undefined),
  )
  if (fault) fault.left--
  return fault
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  if (request.url === '/_control') {
    response.end(JSON.stringify(control(JSON.parse(body.toString()))))
    return
  }
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const line: LogLine = { method: request.method!, path: request.url!, status: 0, headers }
  log.push(line)
  busiest = Math.max(busiest, ++underWay)
  response.on('close', () => underWay--)
  const fault = takeFault(request)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'reset' && !fault.after) {
    request.socket.resetAndDestroy()
    return
  }
  if (fault?.kind === 'delay') await new Promise((done) => setTimeout(done, fault.ms))
  const answer =
    fault?.kind === 'status'
      ? failed(new S3Error(fault.status, fault.code, 'as the test asked'), fault.headers)
      : fault?.kind === 'answer'
        ? { status: fault.status, headers: { ...fault.headers }, body: Buffer.from(fault.body) }
        : operate(request, body, fault?.kind === 'ignore' ? fault.headers : [])
  if (fault?.kind === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  if (fault?.kind === 'etag') answer.headers.etag = fault.etag
  if (fault?.kind === 'length') answer.headers['content-length'] = String(answer.body.length + fault.off)
  if (fault?.kind === 'headers') Object.assign(answer.headers, fault.headers)
  response.writeHead(answer.status, { date: new Date(Date.now() + ahead).toUTCString(), ...answer.headers, 'x-amz-request-id': 'test' })
  if (fault?.kind === 'cut') {
    response.write(answer.body.subarray(0, fault.bytes), () => {
      if (!fault.stall) request.socket.destroy()
    })
    if (fault.bytes === 0) response.flushHeaders()
    return
  }
  if (fault?.kind === 'length') {
    response.write(answer.body, () => request.socket.end())
    return
  }
  line.status = answer.status
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

function operate(request: IncomingMessage, body: Buffer, ignored: readonly string[]): Answer {
  try {
    verifySignature(request, body, credentials, Date.now() + ahead)
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ignored.includes(name)))
    const url = new URL(request.url!, 'http://localhost')
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(decodeURIComponent(url.pathname)) ?? []
    return perform(buckets, { method: request.method!, bucket, key, query: url.searchParams, headers, body }, pageSize)
  } catch (error) {
    return failed(error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error)))
  }
}

function failed(error: S3Error, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(errorXml(error))
  return { status: error.status, headers: { ...headers, 'content-type': 'application/xml', 'content-length': String(body.length) }, body }
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => request.socket.destroy())
})
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }))
})
process.stdin.resume().on('end', () => process.exit(0))
