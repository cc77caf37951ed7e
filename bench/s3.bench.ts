// What a hit in a bucket costs, against a bare GetObject of the same bytes by the same SDK, in turn; and what a thousand of them cost on a
// server that takes 30 ms for each, from a foreach and from `Promise.all`, against as many bare GetObjects, 64 at a time. Milliseconds.
// The server is the one of the tests, on loopback; with MINTMARK_S3_ENDPOINT and MINTMARK_S3_BUCKET also a real one.

import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, GetObjectCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { runFlow } from '../runtime/main.js'
import { memoizeFunction } from '../runtime/memoize.js'
import { openGate } from '../runtime/stores/gate.js'
import { type S3Options, s3Store } from '../runtime/stores/s3.js'
import { BUCKET, startS3, useCredentials } from '../test/support/s3.js'
import { stampedFunction } from '../test/support/stamps.js'
import { median, ratio, report } from './support/figures.js'
import { textOf, wideFlow } from './support/wide-flow.js'

const PAIRS = 400
const WARM_UP = 50
const MANY = 1000
const AT_ONCE = 64
const ROUNDS = 3
const LINE_MS = 30

function clientOf(endpoint: string): S3Client {
  const maxSockets = AT_ONCE
  return new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { httpAgent: { keepAlive: true, maxSockets }, httpsAgent: { keepAlive: true, maxSockets } },
  })
}

async function get(client: S3Client, Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
  return Body!.transformToByteArray()
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

async function one(what: string, options: S3Options & { readonly endpoint: string }, bytes: number): Promise<void> {
  const store = s3Store(options)
  const client = clientOf(options.endpoint)
  const Bucket = options.bucket
  await client.send(new HeadBucketCommand({ Bucket })).catch(() => client.send(new CreateBucketCommand({ Bucket })))
  const text = memoizeFunction(
    stampedFunction(async (n: number) => 'x'.repeat(n), 'text'),
    { store },
  )
  await text(bytes)
  const Key = `${options.prefix}/v1/entries/${text.key(bytes)}`
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let n = 0; n < WARM_UP + PAIRS; n++) {
    const pair = [await timed(() => text(bytes)), await timed(() => get(client, options.bucket, Key))] as const
    if (n < WARM_UP) continue
    ours.push(pair[0])
    bare.push(pair[1])
  }
  report(`${what}, hit of ${bytes} bytes, ms`, median(ours), 'bare GetObject', median(bare), ratio(ours, bare))
  await store.delete('entries', text.key(bytes))
  await store.close()
  client.destroy()
}

async function many(options: S3Options & { readonly endpoint: string }): Promise<void> {
  const store = s3Store(options)
  const client = clientOf(options.endpoint)
  const text = memoizeFunction(
    stampedFunction(async (n: number) => textOf(n), 'many'),
    { store },
  )
  const numbers = Array.from({ length: MANY }, (_, n) => n)
  const figures: Record<'foreach, all miss' | 'foreach, all hit' | 'Promise.all, all hit', number[]> = {
    'foreach, all miss': [],
    'foreach, all hit': [],
    'Promise.all, all hit': [],
  }
  const bare: number[] = []
  await Promise.all(numbers.map((n) => text(n)))
  for (let round = 0; round < ROUNDS; round++) {
    const Flow = wideFlow(MANY, `${round}`)
    figures['foreach, all miss'].push(await timed(() => runFlow(Flow, { store })))
    figures['foreach, all hit'].push(
      await timed(async () => {
        const { counts } = await runFlow(Flow, { store })
        if (counts.hit !== MANY) throw new Error(`${counts.hit} hits`)
      }),
    )
    figures['Promise.all, all hit'].push(await timed(() => Promise.all(numbers.map((n) => text(n)))))
    const gate = openGate(AT_ONCE)
    const key = (n: number) => `${options.prefix}/v1/entries/${text.key(n)}`
    bare.push(await timed(() => Promise.all(numbers.map((n) => gate(() => get(client, options.bucket, key(n)))))))
  }
  for (const [what, ms] of Object.entries(figures))
    report(`${MANY} on a line of ${LINE_MS} ms, ${what}, ms`, median(ms), 'bare GetObjects', median(bare), ratio(ms, bare))
  await store.close()
  client.destroy()
}

export async function run(): Promise<void> {
  const { MINTMARK_S3_ENDPOINT: endpoint, MINTMARK_S3_BUCKET: bucket } = process.env
  if (endpoint && bucket) await one('a real server', { endpoint, bucket, prefix: `mintmark-bench-${randomUUID()}` }, 1000)
  useCredentials()
  const server = await startS3()
  try {
    const options = { endpoint: server.endpoint, bucket: BUCKET, prefix: 'bench' }
    for (const bytes of [1000, 50_000]) await one('loopback', options, bytes)
    await server.faults({ kind: 'delay', ms: LINE_MS, times: 1_000_000 })
    await many(options)
  } finally {
    await server.stop()
  }
}
