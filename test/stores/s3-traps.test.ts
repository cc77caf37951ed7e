// What servers that speak S3 are known to do otherwise than Amazon, and Amazon otherwise than one might think, each done by the server of test/support.

import { randomBytes } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { examine } from '../../cli/cache/doctor.js'
import { seal } from '../../runtime/stores/frame.js'
import { CREDENTIALS } from '../support/s3.js'
import { openS3Places } from '../support/s3-places.js'
import type { Fault } from '../support/s3-server.js'
import { all, digestId, rejects, same } from '../support/store-conformance.js'

const PART = 1000
const { server, endpoint, closing, place } = await openS3Places(test, 'trap', { partBytes: PART, compression: 'none' })
test.before.each(async () => {
  await server.clock(0)
  await server.pageSize(1000)
})

/** As a user makes one today, without a word on checksums. */
function ownClient() {
  const client = new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: CREDENTIALS })
  closing({ close: async () => client.destroy() })
  return client
}

const forever = { times: 1_000_000 } as const
const large = randomBytes(4 * PART)
const small = Buffer.from('small')
const NOT_IMPLEMENTED = { kind: 'status', status: 501, code: 'NotImplemented', ...forever } as const

for (const header of ['x-amz-checksum-crc32', 'x-amz-sdk-checksum-algorithm', 'x-amz-trailer', 'x-amz-checksum-mode', 'content-encoding'])
  test(`a server that refuses ${header} (501), which newer SDKs send by themselves, is not sent it`, async () => {
    const { store } = place()
    await server.faults({ header, ...NOT_IMPLEMENTED })
    for (const bytes of [small, large]) {
      const id = digestId(bytes)
      assert.is(await store.put('blobs', id, bytes), true)
      assert.is(await store.put('blobs', id, bytes), false)
      same(await store.get('blobs', id), bytes)
      assert.is(await store.put('blobs', id, bytes, { replace: true }), true)
    }
  })

test('through a client of the user that has the defaults of the SDK all is stored as it is, in no chunks', async () => {
  const { store, id, key } = place({ client: ownClient() })
  for (const bytes of [small, large]) {
    await store.put('blobs', id, bytes, { replace: true })
    same(await server.read(key), seal(bytes))
    same(await store.get('blobs', id), bytes)
  }
  for (const { headers } of await server.log()) assert.is(headers['content-encoding'], undefined)
})

test('a server that refuses what such a client sends is trouble that says how to make the client, and is not taken for one without conditional puts', async () => {
  const { store, id } = place({ client: ownClient() })
  await server.faults({ header: 'x-amz-checksum-crc32', ...NOT_IMPLEMENTED })
  const error = await rejects('MM3013', () => store.put('blobs', id, small))
  assert.match(error.message, /501 NotImplemented.*requestChecksumCalculation: 'WHEN_REQUIRED'/)
  await server.faults()
  await server.log()
  await store.put('blobs', id, small)
  assert.is((await server.log())[0]!.headers['if-none-match'], '*')
})

test('checksums in an answer that are of parts, of another algorithm or of nothing are left alone: the envelope has its own', async () => {
  for (const headers of [
    { 'x-amz-checksum-crc32': 'AAAAAA==-3', 'x-amz-checksum-type': 'COMPOSITE' },
    { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-type': 'FULL_OBJECT' },
    { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' },
    { 'x-amz-checksum-sha256': 'nothing' },
  ] as Record<string, string>[]) {
    const { store, id } = place()
    await store.put('blobs', id, large)
    await server.faults({ method: 'GET', kind: 'headers', headers, ...forever })
    same(await store.get('blobs', id), large)
    await server.faults()
  }
})

test('a server that stores the chunks of a body as they came (aws-chunked) costs misses, never other bytes', async () => {
  const { store, id, key } = place()
  const framed = Buffer.concat([Buffer.from('35;chunk-signature=0\r\n'), seal(small), Buffer.from('\r\n0;chunk-signature=0\r\n\r\n')])
  await server.plant(key, framed)
  assert.is(await store.get('blobs', id), undefined)
  assert.is(await store.put('blobs', id, small), true)
  same(await store.get('blobs', id), small)
})

test('a server that overlooks conditions keeps the last one of two, whole; doctor tells', async () => {
  const { store, id } = place()
  await server.faults({ kind: 'ignore', headers: ['if-none-match'], ...forever })
  for (const bytes of [small, Buffer.from('other')]) {
    await store.put('blobs', id, bytes)
    same(await store.get('blobs', id), bytes)
  }
  const told = (await examine(store, undefined)).find(({ check }) => check === 'first writer wins')
  assert.equal([told?.status, /no conditional put/.test(told?.what ?? '')], ['warning', true])
})

test('a server that overlooks ranges is read whole', async () => {
  const { store, id } = place()
  await store.put('blobs', id, large)
  await server.faults({ kind: 'ignore', headers: ['range'], ...forever })
  same(await store.get('blobs', id), large)
})

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
const page = (inside: string) => `${XML}<ListBucketResult><IsTruncated>true</IsTruncated>${inside}</ListBucketResult>`
const LIST = { method: 'GET', path: 'list-type=2' } as const

test('a page of a list may be empty, and the list goes on after it', async () => {
  const { store, id } = place()
  await store.put('blobs', id, small)
  // What the token says is the server's business: of this one it is the last key.
  const token = Buffer.from('a').toString('base64url')
  await server.faults({ ...LIST, kind: 'answer', status: 200, body: page(`<NextContinuationToken>${token}</NextContinuationToken>`) })
  assert.equal(
    (await all(store.list('blobs'))).map((each) => each.id),
    [id],
  )
})

test('a list that breaks off, or comes back to where it was, is trouble: half a list is none', async () => {
  const { store, id } = place()
  await store.put('blobs', id, small)
  for (const inside of ['', '<NextContinuationToken>again</NextContinuationToken>']) {
    await server.faults({ ...LIST, kind: 'answer', status: 200, body: page(inside), ...forever })
    const error = await rejects('MM3013', () => all(store.list('blobs')))
    assert.match(error.message, /list/)
    assert.ok((await server.log()).length < 5)
  }
})

test('with a clock that is a day behind or ahead of the server all goes on', async () => {
  for (const ahead of [86_400_000, -86_400_000]) {
    await server.clock(ahead)
    const { store, id } = place()
    assert.is(await store.put('blobs', id, small), true)
    same(await store.get('blobs', id), small)
    assert.is((await all(store.list('blobs'))).length, 1)
    const refused = (await server.log()).filter(({ status }) => status === 403)
    assert.ok(refused.length > 0 && refused.length <= 3, `${refused.length} refused`)
  }
})

const ELSEWHERE: readonly (readonly [string, Fault])[] = [
  ['301 with a region', { kind: 'status', status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-3' } }],
  ['301 without a body', { kind: 'answer', status: 301, body: '', headers: { 'x-amz-bucket-region': 'eu-west-3' } }],
  ['400 AuthorizationHeaderMalformed', { kind: 'status', status: 400, code: 'AuthorizationHeaderMalformed' }],
  ['307 to elsewhere', { kind: 'status', status: 307, code: 'TemporaryRedirect', headers: { location: 'http://127.0.0.1:9/' } }],
]
for (const [name, fault] of ELSEWHERE)
  test(`${name}: the bucket is not here, and nothing is sent elsewhere`, async () => {
    const { store, id } = place()
    await server.faults({ ...fault, ...forever })
    for (const work of [() => store.get('entries', id), () => store.put('entries', id, small), () => all(store.list('entries'))]) {
      const { message } = await rejects('MM3011', work)
      assert.match(message, /region/)
      if (name.startsWith('301')) assert.match(message, /eu-west-3/)
    }
  })

test('an error in the body of a completion that began with 200 is an error, and is tried again', async () => {
  const { store, id } = place()
  const body = `${XML}<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>`
  await server.faults({ method: 'POST', path: 'uploadId', kind: 'answer', status: 200, body })
  assert.is(await store.put('blobs', id, large), true)
  same(await store.get('blobs', id), large)
  await server.faults({ method: 'POST', path: 'uploadId', kind: 'answer', status: 200, body, ...forever })
  await rejects('MM3013', () => store.put('blobs', digestId('other'), randomBytes(3 * PART)))
  assert.is(await server.uploads(), 0)
})

test('what a proxy answers in the place of the server is no object, whatever its status', async () => {
  const { store, id } = place({ rest: { after: 100, ms: 1 } })
  await store.put('blobs', id, small)
  const html = '<html><body>Please sign in</body></html>'
  await server.faults({ method: 'GET', kind: 'answer', status: 200, body: html })
  assert.is(await store.get('blobs', id), undefined)
  await server.faults({ method: 'GET', kind: 'answer', status: 404, body: '' })
  assert.is(await store.get('blobs', id), undefined)
  await server.faults({ method: 'GET', kind: 'answer', status: 403, body: html, ...forever })
  await rejects('MM3012', () => store.get('blobs', id))
  await server.faults({ method: 'GET', kind: 'answer', status: 502, body: html, ...forever })
  await rejects('MM3013', () => store.get('blobs', id))
  await server.faults()
  same(await store.get('blobs', id), small)
})

test.run()
