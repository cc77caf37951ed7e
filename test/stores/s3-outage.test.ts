// What a run makes of a bucket that fails, and how many requests it makes of one that does not: flows and memoized functions over the S3
// server of test/support. Requests are counted, never timed.

import { inspect } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../../runtime/flow.js'
import { runFlow } from '../../runtime/main.js'
import { memoizeFunction } from '../../runtime/memoize.js'
import { ROOMS } from '../../runtime/store.js'
import type { S3Options } from '../../runtime/stores/s3.js'
import { forgetWarnings, listenToWarnings, type Warning } from '../../runtime/warnings.js'
import { told } from '../support/flows.js'
import { BUCKET, CREDENTIALS } from '../support/s3.js'
import { openS3Places } from '../support/s3-places.js'
import type { Fault } from '../support/s3-server.js'
import { stamped, stampedFunction } from '../support/stamps.js'
import { all, digestId, rejects, same } from '../support/store-conformance.js'

const { server, place } = await openS3Places(test, 'outage')
const bucket = (options?: Partial<S3Options>) => place(options).store
let warnings: Warning[] = []
const quiet = listenToWarnings((warning) => warnings.push(warning))
test.after(async () => quiet())
test.before.each(async () => {
  forgetWarnings()
  warnings = []
})

const bytes = Buffer.from('bytes')
const DOWN: Fault = { kind: 'status', status: 503, code: 'ServiceUnavailable', times: 100_000 }

function wide(items: number, size: number) {
  class WideFlow extends FlowSpec {
    list: number[] = []
    text = ''
    length = 0
    declare input: number
    @step start() {
      this.list = Array.from({ length: items }, (_, index) => index)
      this.next(this.work, { foreach: 'list' })
    }
    // Claims are requests of their own.
    @memoize({ wait: 0 }) @step work() {
      this.text = String(this.input).padEnd(size, '.')
      this.next(this.join)
    }
    @step join(inputs: Inputs<WideFlow>) {
      this.length = inputs.reduce((sum, { text }) => sum + text.length, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(WideFlow, {
    start: { reads: [], next: { targets: ['work'], foreach: 'list' } },
    work: { reads: ['input'], writes: ['text'], next: { targets: ['join'] } },
    join: { joins: true, next: { targets: ['end'] } },
    end: { reads: [] },
  })
}

for (const size of [10, 10_000, 60_000])
  test(`a task with an artifact of ${size} bytes is one request when it hits, two when it misses`, async () => {
    const store = bucket()
    const requests = async () =>
      (await server.log())
        .filter(({ path }) => !path.includes('/runs/'))
        .map(({ method, path }) => `${method} ${/v1\/(\w+)/.exec(path)?.[1]}`)
    const tally = (log: readonly string[], what: string) => log.filter((line) => line === what).length
    await runFlow(wide(12, size), { store })
    const misses = await requests()
    assert.equal(['GET entries', 'PUT entries', 'GET blobs', 'PUT blobs'].map((what) => tally(misses, what)).join(), `12,12,0,0`)
    const { counts } = await runFlow(wide(12, size), { store })
    const hits = await requests()
    assert.is(counts.hit, 12)
    assert.equal(hits, Array(12).fill('GET entries'))
  })

test('lookups go to the bucket side by side, as many as there are connections and no more', async () => {
  for (const [options, most] of [
    [{}, 64],
    [{ connections: 5 }, 5],
  ] as const) {
    const store = bucket(options)
    await server.faults({ kind: 'delay', ms: 200, times: 1000 })
    await server.busiest()
    await Promise.all(Array.from({ length: 2 * most }, (_, n) => store.get('entries', digestId(`lookup ${n}`))))
    const busiest = await server.busiest()
    // More than the 50 sockets that the SDK has by itself; how near the bound they come is up to the machine.
    assert.ok(busiest <= most && busiest > 0.8 * most - 1, `${busiest} at once`)
  }
})

test('a foreach over hits asks the bucket for many of them at once, whatever the workers', async () => {
  const store = bucket()
  await runFlow(wide(200, 10), { store })
  await server.faults({ kind: 'delay', ms: 100, times: 10_000 })
  await server.busiest()
  const { counts } = await runFlow(wide(200, 10), { store, maxWorkers: 2 })
  assert.is(counts.hit, 200)
  const most = await server.busiest()
  assert.ok(most >= 32, `at most ${most} at once`)
})

test('calls of a memoized function are looked up side by side', async () => {
  const store = bucket()
  const double = memoizeFunction(
    stampedFunction(async (n: number) => 2 * n, 'double'),
    { store },
  )
  await server.faults({ kind: 'delay', ms: 100, times: 10_000 })
  await server.busiest()
  await Promise.all(Array.from({ length: 150 }, (_, n) => double(n)))
  const busiest = await server.busiest()
  assert.ok(busiest <= 64 && busiest >= 32, `${busiest} at once`)
})

test('after some calls in a row without an answer the bucket is left alone, and asked again later', async () => {
  const store = bucket({ rest: { after: 3, ms: 300 } })
  await store.put('entries', digestId('kept'), bytes)
  await server.faults(DOWN)
  const get = () => store.get('entries', digestId('kept'))
  await Promise.all([get, get, get].map((one) => rejects('MM3013', one)))
  await server.log()
  const error = await rejects('MM3014', get)
  assert.match(error.message, /left alone for 300 ms.*3 calls in a row.*503/)
  for (const work of [
    () => store.put('entries', digestId('new'), bytes),
    () => store.delete('entries', digestId('kept')),
    () => all(store.list('entries')),
  ])
    await rejects('MM3014', work)
  assert.equal(await server.log(), [])
  await server.faults()
  await new Promise((done) => setTimeout(done, 310))
  same(await get(), bytes)
  await store.put('entries', digestId('new'), bytes)
})

test('credentials that may read and not write cost no read', async () => {
  const store = bucket({ rest: { after: 2, ms: 60_000 } })
  await store.put('entries', digestId('readable'), bytes)
  await server.faults({ method: 'PUT', kind: 'status', status: 403, code: 'AccessDenied', times: 1000 })
  for (let n = 0; n < 5; n++) await rejects('MM3012', () => store.put('entries', digestId(`new ${n}`), bytes))
  same(await store.get('entries', digestId('readable')), bytes)
})

const OUTAGES: readonly [string, Fault, string][] = [
  ['is down (503)', DOWN, 'MM3013'],
  ['resets every connection', { kind: 'reset', times: 100_000 }, 'MM3013'],
  ['does not answer', { kind: 'hang', times: 100_000 }, 'MM3013'],
  ['refuses (403)', { kind: 'status', status: 403, code: 'AccessDenied', times: 100_000 }, 'MM3012'],
  ['finds the credentials expired', { kind: 'status', status: 400, code: 'ExpiredToken', times: 100_000 }, 'MM3012'],
  ['is not there', { kind: 'status', status: 404, code: 'NoSuchBucket', times: 100_000 }, 'MM3011'],
  ["is another region's", { kind: 'status', status: 301, code: 'PermanentRedirect', times: 100_000 }, 'MM3011'],
]
for (const [what, fault, code] of OUTAGES)
  test(`a bucket that ${what} fails no run, and is told once for reading and once for writing at most; under strict it is an error`, async () => {
    // Short where it is the time that ends a call; a loaded machine takes its own for the others.
    const store = bucket({ ...(fault.kind !== 'status' && { timeoutMs: 600 }), rest: { after: 2, ms: 60_000 } })
    await server.faults(fault)
    const { counts, artifacts } = await runFlow(wide(20, 100_000), { store, maxWorkers: 4 })
    assert.equal([counts.run, counts.hit, artifacts.length], [23, 0, 2_000_000])
    assert.equal([...new Set(warnings.map((warning) => warning.code))], [code])
    assert.ok(warnings.length <= 2, inspect(warnings))
    const { error } = await told(wide(3, 10), { store, strict: true })
    assert.match(String(error), /MM301[1-4] /)
  })

test('a secret is in no warning, event, record, object or request', async () => {
  const store = bucket({ timeoutMs: 400, rest: { after: 2, ms: 1 } })
  const seen: unknown[] = []
  const faults: Fault[] = [
    { kind: 'status', status: 403, code: 'SignatureDoesNotMatch', times: 4 },
    { kind: 'status', status: 400, code: 'ExpiredToken', times: 4 },
    { kind: 'reset', times: 20 },
    { kind: 'cut', bytes: 20, times: 10 },
  ]
  for (const fault of [undefined, ...faults]) {
    forgetWarnings()
    await server.faults(...(fault === undefined ? [] : [fault]))
    for (const strict of [false, true]) {
      const { events, error } = await told(wide(6, 70_000), { store, strict })
      seen.push(events, error, error instanceof Error ? [error.stack, error.cause] : undefined)
    }
  }
  await server.faults()
  const log = await server.log()
  seen.push(warnings, log, store)
  const clean = bucket({ prefix: store.name.slice(`s3://${BUCKET}/`.length) })
  let objects = 0
  for (const room of ROOMS)
    for (const { id } of await all(clean.list(room))) {
      seen.push(id, String(await clean.get(room, id)))
      objects++
    }
  assert.ok(objects > 5 && log.length > 50 && warnings.length > 0)
  const text = inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null })
  assert.not.ok(text.includes(CREDENTIALS.secretAccessKey))
})

test.run()
