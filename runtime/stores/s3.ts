// A store in an S3 bucket, or in anything that speaks S3: one object an id under `<prefix>/v1/<room>/<id>`, each in the envelope of
// frame.ts. The SDK is an optional peer, loaded on first use (it costs about 130 ms), and this file is the only one that names it.

import { setTimeout as sleep } from 'node:timers/promises'
import { MintmarkError } from '../errors.js'
import type { Room, Store } from '../store.js'
import { within } from './deadline.js'
import { open, seal } from './frame.js'
import { checkId, isId } from './ids.js'
import { isTimeout, s3Trouble, statusOf } from './s3-trouble.js'

/** What the store asks of a client: an `S3Client` of @aws-sdk/client-s3 version 3 fits. */
export interface S3ClientLike {
  send(command: any, options?: any): Promise<any>
}

export interface S3Options {
  readonly bucket: string
  /** Before every key, without slashes at its ends. Default none. */
  readonly prefix?: string
  /** URL of another server than Amazon's. */
  readonly endpoint?: string
  /** Default: the SDK's own chain; with an `endpoint`, AWS_REGION or `us-east-1`. */
  readonly region?: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. Default: true exactly when there is an `endpoint`. */
  readonly forcePathStyle?: boolean
  /** Used as it is, and left open by `close`. `endpoint`, `region` and `forcePathStyle` then do nothing. */
  readonly client?: S3ClientLike
  /** Milliseconds that one request may take with its retries, and one more per kilobyte of a body. Default 60,000. */
  readonly timeoutMs?: number
}

type Sdk = typeof import('@aws-sdk/client-s3')
interface Connection {
  readonly sdk: Sdk
  readonly client: S3ClientLike
  readonly close: () => void
}
type Found = { kind: 'absent' } | { kind: 'damaged' } | { kind: 'found'; bytes: Uint8Array }

/** The SDK retries what it sees fail; these are for what it hands on: a body cut short, a conditional put that met another (409). */
const ATTEMPTS = 4

/**
 * Credentials come by the SDK's own chain (environment, shared files, roles) and appear in no message.
 * Rejects with MM3010 (SDK not installed), MM3011 (no such bucket, or another region's), MM3012 (access refused), MM3013 (no good answer).
 */
export function s3Store(options: S3Options): Store {
  const { bucket, timeoutMs = 60_000 } = options
  const prefix = (options.prefix ?? '').replace(/^\/+|\/+$/g, '')
  const name = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`
  const base = prefix === '' ? 'v1/' : `${prefix}/v1/`
  let connection: Promise<Connection> | undefined
  /** False once the server said that it has no conditional put (Swift: 501). */
  let conditional = true

  function connected(): Promise<Connection> {
    connection ??= connect(options).catch((error: unknown) => {
      connection = undefined
      throw error
    })
    return connection
  }

  function keyOf(room: Room, id: string): string {
    checkId(room, id)
    return `${base}${room}/${id}`
  }

  async function ask(make: (sdk: Sdk) => object, ms = timeoutMs): Promise<any> {
    const { sdk, client } = await connected()
    return within(ms, ({ signal }) => client.send(make(sdk), { abortSignal: signal }))
  }

  async function find(Key: string): Promise<Found> {
    const { sdk, client } = await connected()
    for (let attempt = 1; ; attempt++) {
      let body: any
      try {
        const bytes = await within(timeoutMs, async ({ signal, extend }) => {
          const answer = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key }), { abortSignal: signal })
          body = answer.Body
          extend((answer.ContentLength ?? 0) / 1000)
          return open(await body.transformToByteArray())
        })
        return bytes ? { kind: 'found', bytes } : { kind: 'damaged' }
      } catch (error) {
        body?.destroy?.()
        if (isAbsent(error)) return { kind: 'absent' }
        if (body === undefined || isTimeout(error) || attempt === ATTEMPTS) throw error
      }
      await backOff(attempt)
    }
  }

  /** True when stored; false when there is an object already and `ifNone` is set. */
  async function send(Key: string, Body: Buffer, ifNone: boolean): Promise<boolean> {
    // A Buffer, never a stream: its length is known, so it can be signed and sent again.
    const input = { Bucket: bucket, Key, Body, ...(ifNone ? { IfNoneMatch: '*' } : {}) }
    for (let attempt = 1; ; attempt++) {
      try {
        await ask((sdk) => new sdk.PutObjectCommand(input), timeoutMs + Body.length / 1000)
        return true
      } catch (error) {
        if (ifNone && statusOf(error) === 412) return false
        // 409: another conditional put of this key is under way.
        if (statusOf(error) !== 409 || attempt === ATTEMPTS) throw error
      }
      await backOff(attempt)
    }
  }

  async function putFirst(Key: string, sealed: Buffer): Promise<boolean> {
    if (conditional) {
      try {
        if (await send(Key, sealed, true)) return true
      } catch (error) {
        if (statusOf(error) !== 501) throw error
        conditional = false
      }
    }
    if ((await find(Key)).kind === 'found') return false
    // Damaged, or deleted just now, or a server without conditional puts: two writers may then both be told that they stored theirs.
    return send(Key, sealed, false)
  }

  return {
    name,

    async get(room, id) {
      const Key = keyOf(room, id)
      try {
        const found = await find(Key)
        return found.kind === 'found' ? found.bytes : undefined
      } catch (error) {
        throw s3Trouble('read', name, error, timeoutMs)
      }
    },

    async put(room, id, bytes, { replace = false } = {}) {
      const Key = keyOf(room, id)
      const sealed = seal(bytes)
      try {
        return replace ? await send(Key, sealed, false) : await putFirst(Key, sealed)
      } catch (error) {
        throw s3Trouble('write', name, error, timeoutMs)
      }
    },

    async delete(room, id) {
      const Key = keyOf(room, id)
      try {
        await ask((sdk) => new sdk.DeleteObjectCommand({ Bucket: bucket, Key }))
      } catch (error) {
        if (!isAbsent(error)) throw s3Trouble('delete', name, error, timeoutMs)
      }
    },

    async *list(room, start = '') {
      const folder = `${base}${room}/`
      let ContinuationToken: string | undefined
      do {
        const query = { Bucket: bucket, Prefix: folder + start, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }
        let page: any
        try {
          page = await ask((sdk) => new sdk.ListObjectsV2Command(query))
        } catch (error) {
          throw s3Trouble('list', name, error, timeoutMs)
        }
        for (const object of page.Contents ?? []) {
          const id = String(object.Key).slice(folder.length)
          if (isId(room, id)) yield { id, size: object.Size ?? 0, modified: object.LastModified?.getTime() ?? 0 }
        }
        ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
      } while (ContinuationToken !== undefined)
    },

    async close() {
      const open = connection
      connection = undefined
      ;(await open)?.close()
    },
  }
}

async function connect({ endpoint, region, forcePathStyle, client }: S3Options): Promise<Connection> {
  const sdk = await load()
  if (client) return { sdk, client, close: () => {} }
  const chosen = region ?? (endpoint === undefined ? undefined : (process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1'))
  const own = new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(chosen === undefined ? {} : { region: chosen }),
    forcePathStyle: forcePathStyle ?? endpoint !== undefined,
    // The SDK's default sends checksums that many servers other than Amazon's do not take; the envelope has its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
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

function isAbsent(error: unknown): boolean {
  return statusOf(error) === 404 && error instanceof Error && error.name !== 'NoSuchBucket'
}

/** Full jitter, so that writers that met once do not meet again. */
function backOff(attempt: number): Promise<void> {
  return sleep(Math.random() * 50 * 2 ** attempt)
}
