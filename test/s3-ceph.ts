// The conformance suite and the races of the S3 store against a real S3 server: `npm run test:s3`, no part of `npm test`.
// Environment: MINTMARK_S3_ENDPOINT, MINTMARK_S3_BUCKET (made when it is missing), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
// It works under a prefix of its own and removes it at the end. A server that answers 501 to conditional puts, as OpenStack Swift does, cannot tell who was
// first; all else is asked of it, too.

import { randomBytes, randomUUID } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOMS } from '../runtime/store.js'
import { seal } from '../runtime/stores/frame.js'
import { s3Store } from '../runtime/stores/s3.js'
import { all, conformance, digestId, rejects, same } from './support/store-conformance.js'

const { MINTMARK_S3_ENDPOINT: endpoint, MINTMARK_S3_BUCKET: bucket, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
if (!endpoint || !bucket || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
  throw new Error('set MINTMARK_S3_ENDPOINT, MINTMARK_S3_BUCKET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
}

const prefix = `mintmark-test-${randomUUID()}`
const bytes = Buffer.from('the bytes of the entry')
const client = new S3Client({ endpoint, region: process.env.AWS_REGION ?? 'us-east-1', forcePathStyle: true })
await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(() => client.send(new CreateBucketCommand({ Bucket: bucket })))
const oneWins = await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/condition`, Body: bytes, IfNoneMatch: '*' })).then(
  () => true,
  (error: S3ServiceException) => {
    if (error.$metadata.httpStatusCode !== 501) throw error
    return false
  },
)
await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}/condition` }))
const store = s3Store({ bucket, prefix, endpoint })

test.after(async () => {
  for (const below of [prefix, `${prefix}/conformance`]) {
    const target = s3Store({ bucket, prefix: below, endpoint })
    for (const room of ROOMS) {
      const ids = (await all(target.list(room))).map(({ id }) => id)
      while (ids.length > 0) await Promise.all(ids.splice(0, 40).map((id) => target.delete(room, id)))
    }
    await target.close()
  }
  await store.close()
  client.destroy()
})

conformance(() => s3Store({ bucket, prefix: `${prefix}/conformance`, endpoint }), { oneWins })

test('of 32 conditional puts by four clients at once one wins, ten times over', async () => {
  const clients = Array.from({ length: 4 }, () => s3Store({ bucket, prefix, endpoint }))
  for (let round = 0; round < 10; round++) {
    const id = digestId(`race ${round}`)
    const told = await Promise.all(Array.from({ length: 32 }, (_, n) => clients[n % 4]!.put('entries', id, Buffer.from(`writer ${n}`))))
    if (oneWins) assert.is(told.filter(Boolean).length, 1)
    const got = Buffer.from((await store.get('entries', id))!).toString()
    assert.ok(told.some((won, n) => won && got === `writer ${n}`))
  }
  for (const one of clients) await one.close()
})

test('a damaged object is a miss, and the next put heals it', async () => {
  const id = digestId('damaged')
  for (const body of [seal(bytes).subarray(0, -1), Buffer.alloc(0), Buffer.from('damage')]) {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/v1/blobs/${id}`, Body: body }))
    assert.is(await store.get('blobs', id), undefined)
    assert.is(await store.put('blobs', id, bytes), true)
    same(await store.get('blobs', id), bytes)
  }
})

test('a list goes on over more than a thousand objects', async () => {
  const ids = Array.from({ length: 1100 }, (_, n) => `many/${String(n).padStart(4, '0')}`)
  const left = [...ids]
  while (left.length > 0) await Promise.all(left.splice(0, 40).map((id) => store.put('runs', id, bytes)))
  assert.equal(
    (await all(store.list('runs', 'many/'))).map(({ id }) => id),
    ids,
  )
})

test('large values go up and come down in parts, and one that is refused leaves no upload behind', async () => {
  const large = s3Store({ bucket, prefix, endpoint, compression: 'none', partBytes: 5 * 1024 * 1024 })
  for (const size of [5 * 1024 * 1024, 23 * 1024 * 1024 + 11]) {
    const value = randomBytes(size)
    const id = digestId(`large ${size}`)
    assert.is(await large.get('blobs', id), undefined)
    assert.is(await large.put('blobs', id, value), true)
    same(await large.get('blobs', id), value)
    assert.is(await large.put('blobs', id, randomBytes(size)), false)
    const next = randomBytes(size)
    assert.is(await large.put('blobs', id, next, { replace: true }), true)
    same(await large.get('blobs', id), next)
    const damaged = Buffer.from(seal(next))
    damaged[size - 100]! ^= 1
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/v1/blobs/${id}`, Body: damaged }))
    assert.is(await large.get('blobs', id), undefined)
    assert.is(await large.put('blobs', id, next), true)
    same(await large.get('blobs', id), next)
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }))
  assert.is(Uploads.length, 0)
  await large.close()
})

test('of two that replace at once one stays, whole', async () => {
  const id = digestId('replaced')
  const versions = [Buffer.alloc(3000, 'a'), Buffer.alloc(5000, 'b')]
  for (let round = 0; round < 20; round++) {
    await Promise.all(versions.map((version) => store.put('entries', id, version, { replace: true })))
    const got = await store.get('entries', id)
    assert.ok(versions.some((version) => got !== undefined && Buffer.compare(got, version) === 0))
  }
})

test('a thousand lookups at once are answered', async () => {
  const ids = Array.from({ length: 1000 }, (_, n) => digestId(`batch ${n}`))
  await Promise.all(ids.map((id) => store.put('entries', id, bytes)))
  for (const got of await Promise.all(ids.map((id) => store.get('entries', id)))) same(got, bytes)
})

test('a wrong secret, an unknown key and a missing bucket reject with their codes', async () => {
  for (const credentials of [
    { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: 'another' },
    { accessKeyId: 'NOBODY', secretAccessKey: AWS_SECRET_ACCESS_KEY },
  ]) {
    const stranger = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
    const other = s3Store({ bucket, prefix, client: stranger })
    await rejects('MM3012', () => other.get('entries', digestId('x')))
    await rejects('MM3012', () => other.put('entries', digestId('x'), bytes))
    stranger.destroy()
  }
  const nowhere = s3Store({ bucket: `missing-${randomUUID()}`, endpoint })
  await rejects('MM3011', () => nowhere.get('entries', digestId('x')))
  await rejects('MM3011', () => nowhere.put('entries', digestId('x'), bytes))
  await nowhere.close()
})

test.run()
