// A store in an S3 bucket, or in anything that speaks S3: one object an id under `<prefix>/v1/<room>/<id>`, each in the envelope of
// frame.ts. The SDK is an optional peer, loaded on first use (it costs about 130 ms), and this file is the only one that names it.

import { MintmarkError } from '../errors.js'
import { type Pieces, sizeOf, wholeOf } from '../pieces.js'
import type { PutOptions, Room, Store } from '../store.js'
import { hush } from '../warnings.js'
import { openBreaker } from './breaker.js'
import { deflateUpTo, WORTH_FROM } from './compression.js'
import { within } from './deadline.js'
import { DEFLATED_HEAD_BYTES, FRAME_BYTES, headOf, headOfDeflated } from './frame.js'
import { openGate } from './gate.js'
import { checkId, isId } from './ids.js'
import { noteInPieces } from './in-pieces.js'
import { type AskOptions, PARTS_AT_ONCE, type S3Command } from './s3-request.js'
import { isAbsent, openTransfer } from './s3-transfer.js'
import { s3Trouble } from './s3-trouble.js'
import type { Sealed } from './s3-upload.js'
import { noteSound } from './sound.js'

/** What the store asks of a client: an `S3Client` of @aws-sdk/client-s3 version 3 fits. */
export interface S3ClientLike {
  send(command: any, options?: any): Promise<any>
}

export interface S3Options {
  readonly bucket: string
  /** Before every key, without slashes at its ends. Default none. */
  readonly prefix?: string
  /** URL of another server than Amazon's. Default: AWS_ENDPOINT_URL_S3, else AWS_ENDPOINT_URL. */
  readonly endpoint?: string
  /** Default: the SDK's own chain; with an `endpoint`, AWS_REGION or `us-east-1`. */
  readonly region?: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: true exactly when there is an `endpoint`. */
  readonly forcePathStyle?: boolean
  /** Used as it is, and left open by `close`. `endpoint`, `region` and `forcePathStyle` then do nothing. */
  readonly client?: S3ClientLike
  /** Milliseconds that one request may take with its retries, and one more per kilobyte of a body. Default 30,000. */
  readonly timeoutMs?: number
  /** Requests under way at a time; more wait for their turn. Default 64. */
  readonly connections?: number
  /** Bytes. What is longer goes and comes in parts of this length, eight at a time. Amazon takes none below 5 MiB. Default 8 MiB. */
  readonly partBytes?: number
  /** `auto` (the default): what is 64 KiB or more is deflated when that saves two fifths of it. `none`: never; what was deflated before is still read. */
  readonly compression?: 'auto' | 'none'
  /** After so many calls in a row without a good answer, the store is left alone for so many milliseconds: calls reject at once. Default 5 and 30,000. */
  readonly rest?: { readonly after: number; readonly ms: number }
}

type Sdk = typeof import('@aws-sdk/client-s3')
interface Connection {
  readonly sdk: Sdk
  readonly client: S3ClientLike
  readonly close: () => void
}

/**
 * Credentials come by the SDK's own chain (environment, shared files, roles) and appear in no message. Rejects with MM3010 (SDK not
 * installed), MM3011 (no such bucket, or another region's), MM3012 (access refused), MM3013 (no good answer), MM3014 (left alone after those).
 */
export function s3Store(options: S3Options): Store {
  const { bucket, timeoutMs = 30_000, connections = 64, partBytes = 8 * 1024 * 1024, compression = 'auto' } = options
  const { rest = { after: 5, ms: 30_000 } } = options
  const prefix = (options.prefix ?? '').replace(/^\/+|\/+$/g, '')
  const name = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
  const base = prefix === '' ? 'v1/' : `${prefix}/v1/`
  let connection: Promise<Connection> | undefined
  const gate = openGate(connections)
  const breaker = openBreaker({ ...rest, counts: (error) => error instanceof MintmarkError && error.code === 'MM3013', refusal })
  const transfer = openTransfer({ ask, timeoutMs, partBytes })

  function connected(): Promise<Connection> {
    connection ??= connect(options, connections).catch((error: unknown) => {
      connection = undefined
      throw error
    })
    return connection
  }

  async function ask<T>(command: S3Command, input: object, { ms = timeoutMs, bytes = 0, read }: AskOptions<T> = {}): Promise<T> {
    const { sdk, client } = await connected()
    const Command = sdk[`${command}Command`] as new (input: object) => object
    return gate(() =>
      within(ms + bytes / 1000, async (limit) => {
        const answer = await client.send(new Command({ Bucket: bucket, ...input }), { abortSignal: limit.signal })
        return read === undefined ? answer : read(answer, limit)
      }),
    )
  }

  /** The calls of the store: with a code when they fail, and not made at all while it is left alone. */
  function call<T>(verb: 'read' | 'write' | 'delete' | 'list', work: () => Promise<T>): Promise<T> {
    return breaker(() =>
      work().catch((error: unknown) => {
        throw s3Trouble(verb, name, error, timeoutMs)
      }),
    )
  }

  function refusal(last: unknown): MintmarkError {
    const why = last instanceof MintmarkError ? last.message : String(last)
    const message = `${name} is left alone for ${rest.ms} ms at a time, since ${rest.after} calls in a row had no good answer. The last one: ${why}`
    return hush(new MintmarkError('MM3014', message, { cause: last }))
  }

  function keyOf(room: Room, id: string): string {
    checkId(room, id)
    return `${base}${room}/${id}`
  }

  async function sealedOf(payload: Pieces): Promise<Sealed> {
    const length = sizeOf(payload)
    const found = compression === 'auto' && length >= WORTH_FROM ? await deflateUpTo(PARTS_AT_ONCE * partBytes, payload) : undefined
    if (found === undefined) return { payload, size: FRAME_BYTES + length, stored: [headOf(payload), ...payload] }
    const { size, deflated } = found
    const stored = deflated && [headOfDeflated(deflated, length), ...deflated]
    return { payload, size: DEFLATED_HEAD_BYTES + size, ...(stored && { stored }) }
  }

  async function put(room: Room, id: string, payload: Pieces, { replace = false }: PutOptions): Promise<boolean> {
    const Key = keyOf(room, id)
    return call('write', async () => {
      const sealed = await sealedOf(payload)
      if (!replace) return transfer.putFirst(Key, sealed)
      await transfer.replace(Key, sealed)
      return true
    })
  }

  const store: Store = {
    name,

    async get(room, id) {
      const Key = keyOf(room, id)
      const found = await call('read', () => transfer.fetch(Key, room === 'blobs' || room === 'runs'))
      return found.kind === 'found' ? wholeOf(found.pieces) : undefined
    },

    put: (room, id, bytes, options = {}) => put(room, id, [bytes], options),

    async delete(room, id) {
      const Key = keyOf(room, id)
      await call('delete', () =>
        ask('DeleteObject', { Key }).catch((error: unknown) => {
          if (!isAbsent(error)) throw error
        }),
      )
    },

    async *list(room, start = '') {
      const folder = `${base}${room}/`
      let ContinuationToken: string | undefined
      do {
        const query = { Prefix: folder + start, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }
        const page: any = await call('list', () => ask('ListObjectsV2', query))
        for (const object of page.Contents ?? []) {
          const id = String(object.Key).slice(folder.length)
          if (isId(room, id)) yield { id, size: object.Size ?? 0, modified: object.LastModified?.getTime() ?? 0 }
        }
        const next: string | undefined = page.IsTruncated ? page.NextContinuationToken : undefined
        // Half a list would look like a whole one to those who clean up.
        if (page.IsTruncated && (next === undefined || next === ContinuationToken)) throw s3Trouble('list', name, brokenList(), timeoutMs)
        ContinuationToken = next
      } while (ContinuationToken !== undefined)
    },

    async close() {
      const open = connection
      connection = undefined
      ;(await open)?.close()
    },
  }
  noteSound(store)
  noteInPieces(store, {
    put: (id, pieces, options) => put('blobs', id, pieces, options),
    async get(id, split) {
      const Key = keyOf('blobs', id)
      const found = await call('read', () => transfer.fetch(Key, true, split))
      return found.kind === 'found' ? found : undefined
    },
    async prove(id) {
      const Key = keyOf('blobs', id)
      const found = await call('read', () => transfer.look(Key))
      return found.kind === 'found' ? found.digest : undefined
    },
  })
  return store
}

function brokenList(): Error {
  return Object.assign(new Error('it says that more follows, and not where'), { name: 'the list breaks off' })
}

async function connect(options: S3Options, maxSockets: number): Promise<Connection> {
  const { region, forcePathStyle, client, timeoutMs = 30_000 } = options
  const sdk = await load()
  if (client) return { sdk, client, close: () => {} }
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 = AWS_ENDPOINT_URL, AWS_DEFAULT_REGION, AWS_REGION = AWS_DEFAULT_REGION } = process.env
  const endpoint = options.endpoint ?? (AWS_ENDPOINT_URL_S3 || undefined)
  const chosen = region ?? (endpoint === undefined ? undefined : (AWS_REGION ?? 'us-east-1'))
  const own = new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(chosen === undefined ? {} : { region: chosen }),
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    // The SDK's default sends checksums that many servers other than Amazon's do not take; the envelope has its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The SDK's own bound is 50 sockets, and beyond it it warns.
    requestHandler: {
      connectionTimeout: Math.min(5000, timeoutMs),
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
  })
  return { sdk, client: own, close: () => own.destroy() }
}

async function load(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (error) {
    throw new MintmarkError(
      'MM3010',
      'the S3 store needs the package @aws-sdk/client-s3, which could not be loaded. Install it: `npm i @aws-sdk/client-s3`.',
      {
        cause: error,
      },
    )
  }
}
