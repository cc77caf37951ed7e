// The store in a bucket: the real SDK against the S3 server of test/support, in a process of its own.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seal } from '../../runtime/stores/frame.js'
import { s3Store } from '../../runtime/stores/s3.js'
import { BUCKET, CREDENTIALS, useCredentials } from '../support/s3.js'
import { openS3Places } from '../support/s3-places.js'
import { all, conformance, digestId, rejects, same } from '../support/store-conformance.js'

const { server, endpoint, place } = await openS3Places(test, 'place', {}, 'entries')

conformance(() => s3Store({ bucket: BUCKET, prefix: 'conformance', endpoint }))

const bytes = Buffer.from('the bytes of the entry')

/** An envelope as version 9 could be: its digest is of all but itself. */
function later(payload: Uint8Array): Buffer {
  const sealed = seal(payload)
  sealed.writeUInt16BE(9, 8)
  createHash('sha256').update(sealed.subarray(0, 16)).update(sealed.subarray(48)).digest().copy(sealed, 16)
  return sealed
}

test('an object is the sealed bytes under prefix, version, room and id', async () => {
  const { store, id, key } = place({ prefix: '/team/a b/' })
  assert.is(store.name, `s3://${BUCKET}/team/a b`)
  await store.put('entries', id, bytes)
  await store.put('runs', 'Flow/17', bytes)
  same(await server.read(`team/a b/v1/entries/${id}`), seal(bytes))
  same(await server.read('team/a b/v1/runs/Flow/17'), seal(bytes))
  assert.is(await server.read(key), undefined)
})

test('without a prefix keys begin with the version', async () => {
  const store = s3Store({ bucket: BUCKET, endpoint })
  await store.put('runs', 'bare', bytes)
  same(await server.read('v1/runs/bare'), seal(bytes))
  assert.is(store.name, `s3://${BUCKET}`)
  await store.close()
})

test('a put, a hit and a miss are one request each, without chunks or checksums', async () => {
  const { store, id } = place()
  await server.log()
  await store.put('entries', id, bytes)
  await store.get('entries', id)
  await store.get('entries', digestId('elsewhere'))
  const log = await server.log()
  assert.equal(
    log.map(({ method, status }) => `${method} ${status}`),
    ['PUT 200', 'GET 200', 'GET 404'],
  )
  assert.is(log[0]!.headers['if-none-match'], '*')
  assert.is(log[0]!.headers['content-length'], String(seal(bytes).length))
  for (const { headers } of log) {
    assert.equal(
      Object.keys(headers).filter((name) => /checksum|trailer|content-encoding|decoded/.test(name)),
      [],
    )
  }
})

test('of 32 conditional puts by four clients at once one wins', async () => {
  const { id } = place()
  const clients = Array.from({ length: 4 }, () => place({ prefix: 'raced' }).store)
  const told = await Promise.all(Array.from({ length: 32 }, (_, n) => clients[n % 4]!.put('entries', id, Buffer.from(`writer ${n}`))))
  assert.is(told.filter(Boolean).length, 1)
  same(await clients[0]!.get('entries', id), Buffer.from(`writer ${told.indexOf(true)}`))
})

test('a list goes on over any number of pages, and leaves out what others put there', async () => {
  const { store, key } = place()
  await server.pageSize(7)
  const ids = Array.from({ length: 30 }, (_, n) => digestId(`page ${n}`)).sort()
  for (const id of ids) await store.put('entries', id, bytes)
  await server.plant(`${key.slice(0, -64)}README.txt`, bytes)
  await server.log()
  const listed = (await all(store.list('entries'))).map(({ id }) => id)
  assert.equal(listed, ids)
  assert.is((await server.log()).length, 5)
  await server.pageSize(1000)
})

test('damaged in any way an object is a miss, and the next put heals it', async () => {
  const { store, id, key } = place()
  const whole = seal(bytes)
  const flipped = Buffer.from(whole)
  flipped[50]! ^= 4
  for (const damaged of [
    whole.subarray(0, 0),
    whole.subarray(0, 47),
    whole.subarray(0, -1),
    Buffer.concat([whole, bytes]),
    flipped,
    Buffer.from('<html>'),
  ]) {
    await server.plant(key, damaged)
    assert.is(await store.get('entries', id), undefined)
    assert.is(await store.put('entries', id, bytes), true)
    same(await store.get('entries', id), bytes)
  }
})

for (const [name, fault] of [
  ['503 SlowDown', { kind: 'status', status: 503, code: 'SlowDown', times: 2 }],
  ['500 InternalError', { kind: 'status', status: 500, code: 'InternalError', times: 2 }],
  ['a reset connection', { kind: 'reset', times: 2 }],
  ['a slow answer', { kind: 'delay', ms: 200 }],
  ['a lying ETag', { kind: 'etag', etag: '"00000000000000000000000000000000"', times: 2 }],
] as const) {
  test(`${name} costs a get and a put nothing but time`, async () => {
    const { store, id } = place()
    await server.faults({ method: 'PUT', ...fault }, { method: 'GET', ...fault })
    assert.is(await store.put('entries', id, bytes), true)
    same(await store.get('entries', id), bytes)
  })
}

test('a put whose answer was lost leaves its bytes, and does not fail', async () => {
  const { store, id } = place()
  await server.faults({ method: 'PUT', kind: 'reset', after: true })
  await store.put('entries', id, bytes)
  same(await store.get('entries', id), bytes)
})

test('a conflict of conditional puts (409) is tried again, and in the end reported', async () => {
  const { store, id } = place()
  await server.faults({ method: 'PUT', kind: 'status', status: 409, code: 'ConditionalRequestConflict', times: 2 })
  assert.is(await store.put('entries', id, bytes), true)
  await server.faults({ method: 'PUT', kind: 'status', status: 409, code: 'ConditionalRequestConflict', times: 100 })
  const error = await rejects('MM3013', () => store.put('entries', digestId('other'), bytes))
  assert.match(error.message, /409 ConditionalRequestConflict/)
})

test('on a server without conditional puts (501) the first one still stays, and it is asked no more', async () => {
  const { store, id, key } = place()
  await server.faults({ header: 'if-none-match', kind: 'status', status: 501, code: 'NotImplemented', times: 100 })
  await server.log()
  assert.is(await store.put('entries', id, bytes), true)
  assert.is(await store.put('entries', id, Buffer.from('second')), false)
  same(await store.get('entries', id), bytes)
  await server.plant(key, Buffer.from('damage'))
  assert.is(await store.put('entries', id, Buffer.from('third')), true)
  same(await store.get('entries', id), Buffer.from('third'))
  const asked = (await server.log()).filter(({ headers }) => headers['if-none-match'])
  assert.is(asked.length, 1)
})

test('a body cut once, at any place, is asked for again', async () => {
  const { store, id } = place()
  await store.put('entries', id, bytes)
  const whole = seal(bytes).length
  for (const cut of [0, 1, 47, 48, 49, whole - 1]) {
    await server.faults({ method: 'GET', kind: 'cut', bytes: cut })
    same(await store.get('entries', id), bytes)
  }
})

for (const off of [-1, -40, 1, 1000])
  test(`a body ${Math.abs(off)} bytes ${off < 0 ? 'longer' : 'shorter'} than announced is never taken for the object`, async () => {
    const { store, id } = place()
    await store.put('entries', id, bytes)
    await server.faults({ method: 'GET', kind: 'length', off })
    const got = await store.get('entries', id)
    if (got !== undefined) same(got, bytes)
    same(await store.get('entries', id), bytes)
  })

test('of two that replace at once one stays, whole, and readers meet one or the other', async () => {
  const [one, other] = [place({ prefix: 'replaced' }).store, place({ prefix: 'replaced' }).store]
  const id = digestId('replaced')
  const versions = [Buffer.alloc(3000, 'a'), Buffer.alloc(5000, 'b')] as const
  await one.put('entries', id, versions[0])
  let over = false
  const reader = async () => {
    for (let reads = 0; !over || reads === 0; reads++) {
      const got = await one.get('entries', id)
      assert.ok(versions.some((version) => got !== undefined && Buffer.compare(got, version) === 0))
    }
  }
  const reading = [reader(), reader()]
  for (let round = 0; round < 10; round++) {
    const told = await Promise.all([one, other].map((store, n) => store.put('entries', id, versions[n]!, { replace: true })))
    assert.equal(told, [true, true])
  }
  over = true
  await Promise.all(reading)
})

test('what a later version of mintmark wrote is a miss, and stays', async () => {
  const { store, id, key } = place()
  const newer = later(bytes)
  await server.plant(key, newer)
  assert.is(await store.get('entries', id), undefined)
  assert.is(await store.put('entries', id, bytes), false)
  same(await server.read(key), newer)
})

test('a body that is cut each time is trouble, never other bytes', async () => {
  const { store, id } = place()
  await store.put('entries', id, bytes)
  await server.faults({ method: 'GET', kind: 'cut', bytes: 50, times: 100 })
  await rejects('MM3013', () => store.get('entries', id))
})

test('a server that resets every connection is given up after a few requests, without waiting for the time limit', async () => {
  const { store, id } = place({ timeoutMs: 600_000 })
  await server.faults({ kind: 'reset', times: 1000 })
  for (const work of [() => store.get('entries', id), () => store.put('entries', id, bytes), () => store.get('blobs', id)]) {
    await server.log()
    assert.match((await rejects('MM3013', work)).message, /ECONNRESET/)
    assert.ok((await server.log()).length <= 4)
  }
})

test('no answer, and an answer that stops, end at the time limit', async () => {
  const { store, id } = place({ timeoutMs: 400, rest: { after: 100, ms: 1000 } })
  await store.put('entries', id, bytes)
  const get = () => store.get('entries', id)
  const put = () => store.put('entries', id, bytes)
  const list = () => all(store.list('entries'))
  for (const [fault, calls] of [
    [{ kind: 'hang' }, [get, put, list]],
    [{ kind: 'cut', bytes: 50, stall: true }, [get, list]],
    [{ kind: 'cut', bytes: 0, stall: true }, [get, list]],
  ] as const) {
    await server.faults({ ...fault, times: 100 })
    for (const error of await Promise.all(calls.map((work) => rejects('MM3013', work)))) {
      assert.match(error.message, /within 400 ms.*timeoutMs/)
    }
  }
})

const REFUSALS: readonly { status: number; code: string; expect: string; says: RegExp }[] = [
  { status: 403, code: 'AccessDenied', expect: 'MM3012', says: /s3:GetObject.*s3:ListBucket/ },
  { status: 403, code: 'RequestTimeTooSkewed', expect: 'MM3012', says: /clock/ },
  { status: 400, code: 'ExpiredToken', expect: 'MM3012', says: /expired/ },
  { status: 403, code: 'ExpiredTokenException', expect: 'MM3012', says: /expired/ },
  { status: 404, code: 'NoSuchBucket', expect: 'MM3011', says: /bucket does not exist/ },
  { status: 301, code: 'PermanentRedirect', expect: 'MM3011', says: /region/ },
  { status: 500, code: 'InternalError', expect: 'MM3013', says: /500/ },
  { status: 503, code: 'SlowDown', expect: 'MM3013', says: /503 SlowDown/ },
]
for (const { status, code, expect, says } of REFUSALS) {
  test(`${status} ${code} rejects every call with ${expect} and the way out`, async () => {
    const { store, id } = place()
    await server.faults({ kind: 'status', status, code, times: 100 })
    const calls = [
      () => store.get('entries', id),
      () => store.put('entries', id, bytes),
      () => store.put('entries', id, bytes, { replace: true }),
      () => store.delete('entries', id),
      () => all(store.list('entries')),
    ]
    // All at once: the SDK's pauses before it tries again are what takes the time here.
    for (const error of await Promise.all(calls.map((work) => rejects(expect, work)))) {
      assert.match(error.message, says)
      assert.ok(error.message.includes(store.name))
      assert.instance(error.cause, Error)
    }
  })
}

test('a bucket that is not there rejects', async () => {
  const { store, id } = place({ bucket: 'no-such-bucket' })
  await rejects('MM3011', () => store.get('entries', id))
  await rejects('MM3011', () => store.put('entries', id, bytes))
})

test("the message says which region is the bucket's own", async () => {
  const { store, id } = place()
  const headers = { 'x-amz-bucket-region': 'eu-west-3' }
  await server.faults({ kind: 'status', status: 301, code: 'PermanentRedirect', headers, times: 100 })
  assert.match((await rejects('MM3011', () => store.get('entries', id))).message, /It is in eu-west-3: set `region` to that/)
})

test('AWS_ENDPOINT_URL names the server as `endpoint` does', async () => {
  process.env.AWS_ENDPOINT_URL = endpoint
  try {
    const store = s3Store({ bucket: BUCKET, prefix: 'by-environment' })
    await store.put('runs', 'a', bytes)
    assert.ok(await server.read('by-environment/v1/runs/a'))
    await store.close()
  } finally {
    delete process.env.AWS_ENDPOINT_URL
  }
})

test('a server that is not there rejects', async () => {
  const { store, id } = place({ endpoint: 'http://127.0.0.1:9' })
  const error = await rejects('MM3013', () => store.get('entries', id))
  assert.match(error.message, /ECONNREFUSED/)
})

for (const [name, credentials, says] of [
  ['a wrong secret', { ...CREDENTIALS, secretAccessKey: 'another' }, /SignatureDoesNotMatch.*secret key/],
  ['an unknown access key', { ...CREDENTIALS, accessKeyId: 'NOBODY' }, /InvalidAccessKeyId/],
] as const) {
  test(`${name} rejects, and stores nothing`, async () => {
    useCredentials(credentials)
    try {
      const { store, id, key } = place()
      const error = await rejects('MM3012', () => store.put('entries', id, bytes))
      assert.match(error.message, says)
      await rejects('MM3012', () => store.get('entries', id))
      assert.is(await server.read(key), undefined)
    } finally {
      useCredentials()
    }
  })
}

test('no credentials at all reject with what to set', async () => {
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
  try {
    const { store, id } = place()
    const error = await rejects('MM3012', () => store.get('entries', id))
    assert.match(error.message, /AWS_ACCESS_KEY_ID/)
  } finally {
    useCredentials()
  }
})

test('no secret gets into an error, a name, a request or an object', async () => {
  const { store, id, key } = place({ timeoutMs: 500 })
  await server.log()
  await store.put('entries', id, bytes)
  const seen: unknown[] = [store, await server.log(), String(await server.read(key))]
  for (const fault of [
    { kind: 'status', status: 403, code: 'SignatureDoesNotMatch' },
    { kind: 'status', status: 500, code: 'InternalError' },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'cut', bytes: 3 },
  ] as const) {
    await server.faults({ ...fault, times: 100 })
    const error = await store.get('entries', id).then(
      () => assert.unreachable(),
      (error) => error,
    )
    seen.push(error, error.stack)
  }
  const text = inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null })
  assert.not.ok(text.includes(CREDENTIALS.secretAccessKey))
  assert.ok(text.includes(id))
})

test('a client of the user is used, and left open', async () => {
  const client = new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: CREDENTIALS })
  const store = s3Store({ bucket: BUCKET, prefix: 'own-client', client })
  const id = digestId('own client')
  await store.put('entries', id, bytes)
  await store.close()
  const again = s3Store({ bucket: BUCKET, prefix: 'own-client', client })
  same(await again.get('entries', id), bytes)
  client.destroy()
})

test('a store may be used again after close', async () => {
  const { store, id } = place()
  await store.put('entries', id, bytes)
  await store.close()
  same(await store.get('entries', id), bytes)
})

test('without the SDK the store loads and is made, and its first use says what to install', () => {
  const alone = mkdtempSync(join(tmpdir(), 'mintmark-alone-'))
  try {
    cpSync(fileURLToPath(new URL('../../runtime', import.meta.url)), join(alone, 'runtime'), { recursive: true })
    writeFileSync(join(alone, 'package.json'), '{"type":"module"}')
    writeFileSync(
      join(alone, 'main.js'),
      `import { s3Store } from './runtime/stores/s3.js'
      const store = s3Store({ bucket: 'b' })
      await store.close()
      console.log(store.name)
      await store.get('entries', 'a'.repeat(64)).catch(({ message }) => console.log(message))`,
    )
    const { stdout, stderr } = spawnSync(process.execPath, ['main.js'], { cwd: alone, encoding: 'utf8' })
    assert.match(stdout, /^s3:\/\/b\nMM3010 .*`npm i @aws-sdk\/client-s3`\.\n$/, stderr)
  } finally {
    rmSync(alone, { recursive: true })
  }
})

test.run()
