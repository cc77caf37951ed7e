// Objects in parts: uploads and ranges of the store in a bucket, against the S3 server of test/support.

import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digest } from '../../runtime/contract.js'
import type { Room } from '../../runtime/store.js'
import { seal } from '../../runtime/stores/frame.js'
import { proveBlob } from '../../runtime/stores/in-pieces.js'
import { s3Store } from '../../runtime/stores/s3.js'
import { BUCKET } from '../support/s3.js'
import { openS3Places } from '../support/s3-places.js'
import type { LogLine } from '../support/s3-server.js'
import { digestId, rejects, same } from '../support/store-conformance.js'

const PART = 1000
const { server, endpoint, place } = await openS3Places(test, 'large', { partBytes: PART, compression: 'none' })
test.after.each(async () => assert.is(await server.uploads(), 0, 'an upload was left open'))

function told(log: readonly LogLine[]): string[] {
  const kind = ({ path }: LogLine) =>
    path.includes('uploads') ? ' begin' : path.includes('partNumber') ? ' part' : path.includes('uploadId') ? ' upload' : ''
  return log.map((line) => `${line.method}${kind(line)} ${line.status}`).sort()
}

const HEAD = seal(Buffer.alloc(0)).length
const SIZES = [0, 1, PART - HEAD - 1, PART - HEAD, PART - HEAD + 1, PART, 2 * PART - HEAD, 2 * PART - HEAD + 1, 5 * PART, 20 * PART + 7]
for (const room of ['blobs', 'runs', 'entries'] as Room[])
  test(`${room} of any length go up and come down, whole or in parts`, async () => {
    const { store } = place()
    for (const size of SIZES) {
      const bytes = randomBytes(size)
      const id = digestId(`${room} ${size}`)
      assert.is(await store.put(room, id, bytes), true)
      same(await store.get(room, id), bytes)
      assert.is(await store.put(room, id, Buffer.from('other')), false)
      assert.is(await store.put(room, id, randomBytes(size + 1)), false)
      same(await store.get(room, id), bytes)
      const next = randomBytes(size + 5)
      assert.is(await store.put(room, id, next, { replace: true }), true)
      same(await store.get(room, id), next)
    }
  })

test('what fits into a part is one request each way; more is a request a part', async () => {
  const { store, id } = place()
  await store.put('blobs', digestId('small'), randomBytes(PART - HEAD))
  await store.get('blobs', digestId('small'))
  assert.equal(told(await server.log()), ['GET 206', 'PUT 200'])
  const bytes = randomBytes(3 * PART - HEAD)
  await store.put('blobs', id, bytes)
  assert.equal(told(await server.log()), ['GET 404', 'POST begin 200', 'POST upload 200', 'PUT part 200', 'PUT part 200', 'PUT part 200'])
  same(await store.get('blobs', id), bytes)
  assert.equal(told(await server.log()), ['GET 206', 'GET 206', 'GET 206'])
  assert.is(await store.get('blobs', digestId('none')), undefined)
  assert.equal(told(await server.log()), ['GET 404'])
})

test('parts travel side by side, and no more of them than there are connections', async () => {
  const bytes = randomBytes(30 * PART)
  for (const [connections, most] of [
    [64, 8],
    [3, 3],
  ] as const) {
    const { store, id } = place({ connections })
    await server.faults({ kind: 'delay', ms: 20, times: 1000 })
    await server.busiest()
    await store.put('blobs', id, bytes)
    assert.is(await server.busiest(), most)
    same(await store.get('blobs', id), bytes)
    assert.is(await server.busiest(), most)
    await server.faults()
  }
})

test('the completion is conditional: of many large puts at once one wins', async () => {
  const { id } = place()
  const clients = Array.from({ length: 3 }, () => place({ prefix: 'raced-in-parts' }).store)
  const versions = Array.from({ length: 9 }, () => randomBytes(3 * PART))
  const told = await Promise.all(versions.map((bytes, n) => clients[n % 3]!.put('blobs', id, bytes)))
  assert.is(told.filter(Boolean).length, 1)
  same(await clients[0]!.get('blobs', id), versions[told.indexOf(true)]!)
})

test('an upload of which a part is refused for good is aborted, and rejects', async () => {
  const { store, id, key } = place()
  await server.faults({ path: 'partNumber=2', kind: 'status', status: 403, code: 'AccessDenied', times: 100 })
  await rejects('MM3012', () => store.put('blobs', id, randomBytes(5 * PART)))
  assert.is(await server.read(key), undefined)
  assert.ok(told(await server.log()).includes('DELETE upload 204'))
})

for (const [name, fault] of [
  ['503 for a part', { path: 'partNumber=2', kind: 'status', status: 503, code: 'SlowDown', times: 2 }],
  ['a part that is reset', { path: 'partNumber=3', kind: 'reset' }],
  ['a part whose answer is lost', { path: 'partNumber=1', kind: 'reset', after: true }],
  [
    'a conflict (409) at the completion',
    { method: 'POST', path: 'uploadId', kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
  ],
  ['a completion whose answer is lost', { method: 'POST', path: 'uploadId', kind: 'reset', after: true }],
] as const)
  test(`${name} costs nothing but time`, async () => {
    const { store, id } = place()
    const bytes = randomBytes(5 * PART)
    await server.faults(fault)
    await store.put('blobs', id, bytes)
    same(await store.get('blobs', id), bytes)
  })

test('a server without conditional completion (501) is completed without', async () => {
  const { store, id } = place()
  await server.faults({ header: 'if-none-match', kind: 'status', status: 501, code: 'NotImplemented', times: 100 })
  const bytes = randomBytes(5 * PART)
  assert.is(await store.put('blobs', id, bytes), true)
  assert.is(await store.put('blobs', id, randomBytes(5 * PART)), false)
  same(await store.get('blobs', id), bytes)
})

test('a range cut at any chunk, reset or late is asked for again, and the object comes whole', async () => {
  const { store, id } = place({ timeoutMs: 900 })
  const bytes = randomBytes(4 * PART)
  await store.put('blobs', id, bytes)
  for (const fault of [
    ...[0, 1, 48, 500, PART - 1].map((cut) => ({ kind: 'cut', bytes: cut }) as const),
    { kind: 'reset' },
    { kind: 'cut', bytes: 10, stall: true },
    { kind: 'hang' },
    { kind: 'status', status: 500, code: 'InternalError' },
    { kind: 'etag', etag: '"other"' },
  ] as const)
    for (const method of ['GET'] as const) {
      await server.faults({ method, ...fault })
      same(await store.get('blobs', id), bytes)
    }
})

test('damaged in any part an object is a miss, and the next put heals it', async () => {
  const { store, id, key } = place()
  const bytes = randomBytes(4 * PART)
  const whole = seal(bytes)
  for (const at of [3, 12, 20, 60, PART, 2 * PART + 1, whole.length - 1]) {
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 1
    await server.plant(key, damaged)
    assert.is(await store.get('blobs', id), undefined, `flipped at ${at}`)
    assert.is(await store.put('blobs', id, bytes), true)
    same(await store.get('blobs', id), bytes)
  }
  for (const cut of [0, 47, PART, PART + 1, whole.length - 1]) {
    await server.plant(key, whole.subarray(0, cut))
    assert.is(await store.get('blobs', id), undefined, `cut at ${cut}`)
    assert.is(await store.put('blobs', id, bytes), true)
  }
})

test('a reader beside one who replaces gets one object or the other, or a miss, never a mixture', async () => {
  const [writer, reader] = [place({ prefix: 'mixed' }).store, place({ prefix: 'mixed' }).store]
  const id = digestId('mixed')
  const versions = [Buffer.alloc(6 * PART, 'a'), Buffer.alloc(6 * PART, 'b')] as const
  await writer.put('blobs', id, versions[0])
  let over = false
  const reading = (async () => {
    while (!over) {
      const got = await reader.get('blobs', id)
      assert.ok(got === undefined || versions.some((version) => Buffer.compare(got, version) === 0))
    }
  })()
  for (let round = 0; round < 10; round++) await writer.put('blobs', id, versions[round % 2]!, { replace: true })
  over = true
  await reading
})

function letters(length: number): Buffer {
  return randomBytes(length).map((byte) => 97 + (byte & 3)) as Buffer
}

test('what is too much to be held deflated is deflated while it goes up, whatever happens on the way', async () => {
  const { store, id, key } = place({ compression: 'auto', partBytes: 100_000 })
  const bytes = letters(9_000_000)
  for (const fault of [
    undefined,
    { path: 'partNumber=3', kind: 'status', status: 503, code: 'SlowDown', times: 2 },
    { path: 'partNumber=1&', kind: 'reset' },
    { method: 'POST', path: 'uploadId', kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
    { method: 'POST', path: 'uploadId', kind: 'reset', after: true },
  ] as const) {
    if (fault !== undefined) await server.faults(fault)
    assert.is(await store.put('blobs', id, bytes, { replace: fault !== undefined }), true)
    assert.is(await proveBlob(store, id), digest(bytes))
    same(await store.get('blobs', id), bytes)
  }
  assert.ok((await server.read(key))!.length < 4_000_000)
  assert.is(await store.put('blobs', id, bytes), false)
  for (const part of [1, 2, 20]) {
    await server.faults({ path: `partNumber=${part}&`, kind: 'status', status: 403, code: 'AccessDenied', times: 100 })
    await rejects('MM3012', () => store.put('blobs', id, letters(9_000_000), { replace: true }))
    await server.faults()
    same(await store.get('blobs', id), bytes)
  }
  const damaged = Buffer.from((await server.read(key))!)
  for (const at of [20, 50, 60, 150_000, damaged.length - 1]) {
    damaged[at]! ^= 1
    await server.plant(key, damaged)
    assert.is(await proveBlob(store, id), undefined, `flipped at ${at}`)
    assert.is(await store.get('blobs', id), undefined, `flipped at ${at}`)
    damaged[at]! ^= 1
  }
  await server.plant(key, damaged)
  await server.faults({ method: 'GET', kind: 'status', status: 403, code: 'AccessDenied', times: 100 })
  await rejects('MM3012', () => proveBlob(store, id))
  await server.faults()
})

test('what shrinks is deflated, what was deflated is read, and `none` leaves it as it is', async () => {
  const { store, id, key } = place({ compression: 'auto', partBytes: 5000 })
  const bytes = Buffer.alloc(200_000, 'shrinks ')
  await store.put('blobs', id, bytes)
  assert.ok((await server.read(key))!.length < 20_000)
  same(await store.get('blobs', id), bytes)
  same(await s3Store({ bucket: BUCKET, prefix: key.split('/')[0]!, endpoint, compression: 'none' }).get('blobs', id), bytes)
})

test.run()
