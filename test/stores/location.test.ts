// Stores by their places, and what of that goes to which store.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { storeAt } from '../../runtime/stores/location.js'
import { BUCKET, CREDENTIALS, startS3, useCredentials } from '../support/s3.js'
import { digestId, rejects, same } from '../support/store-conformance.js'

useCredentials()
const FLOW = fileURLToPath(new URL('../support/counted-flow.js', import.meta.url))

const PLACES: readonly [string, string][] = [
  ['cache', `fs:${path.resolve('cache')}`],
  ['/tmp/a b', 'fs:/tmp/a b'],
  ['fs:/tmp/c', 'fs:/tmp/c'],
  ['s3://bucket', 's3://bucket'],
  ['s3://bucket/', 's3://bucket'],
  ['s3://my.bucket-1/team/a%20b/?region=eu-west-1', 's3://my.bucket-1/team/a b'],
  ['S3://bucket/p', 's3://bucket/p'],
  ['a+b', `fs:${path.resolve('a+b')}`],
  ['/tmp/c+s3://bucket/p?write=behind&region=eu-west-1', 'fs:/tmp/c + s3://bucket/p'],
  ['/tmp/c+d+s3://bucket/p', 'fs:/tmp/c+d + s3://bucket/p'],
]
for (const [place, name] of PLACES) test(`${place} is ${name}`, () => assert.is(storeAt(place).name, name))

const REFUSED: readonly [string, RegExp][] = [
  ['', /empty/],
  ['  ', /empty/],
  ['gs://bucket', /gs:\/\//],
  ['https://user:canary@host/x', /https:\/\//],
  ['s3://', /no bucket/],
  ['s3:///prefix', /no bucket/],
  ['s3://id:canary@bucket/prefix', /credentials.*AWS_ACCESS_KEY_ID/],
  ['+s3://bucket', /./],
  ['.mintmark+s3://bucket?write=never', /through/],
  ['.mintmark+s3://id:canary@bucket', /credentials/],
  ['s3://bucket?canary=1&secret=canary', /settings endpoint/],
]
for (const [place, says] of REFUSED)
  test(`${JSON.stringify(place)} is refused with the way out`, async () => {
    const { message } = await rejects('MM5021', async () => storeAt(place))
    assert.match(message, says)
    assert.not.match(message, /:canary|=canary/)
  })

test('`--store` and MINTMARK_STORE name the bucket that a flow keeps its results in', async () => {
  const server = await startS3()
  const dir = mkdtempSync(path.join(tmpdir(), 'mintmark-location-'))
  try {
    const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
      const { stderr, status } = spawnSync(process.execPath, [FLOW, 'run', ...args], {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', COUNTED_LOG: path.join(dir, 'log'), ...env },
      })
      assert.is(status, 0, stderr)
      return /(\d+ executed, \d+ hit)/.exec(stderr)?.[1]
    }
    const place = `s3://${BUCKET}/placed?endpoint=${encodeURIComponent(server.endpoint)}`
    assert.is(run(['--store', place]), '7 executed, 0 hit')
    assert.is(run([], { MINTMARK_STORE: place }), '4 executed, 3 hit')
    assert.is(run(['--store', `${path.join(dir, 'near')}+${place}&write=behind`]), '4 executed, 3 hit')
    assert.is(run(['--store', path.join(dir, 'near')]), '4 executed, 3 hit')
    assert.is(run(['--store', path.join(dir, 'elsewhere')], { MINTMARK_STORE: place }), '7 executed, 0 hit')
    const store = storeAt(place)
    await store.put('entries', digestId('x'), Buffer.from('x'))
    same((await store.get('entries', digestId('x')))!, Buffer.from('x'))
    await store.close()
    assert.ok((await server.log()).every(({ path: at }) => at.startsWith(`/${BUCKET}`) && !at.includes(CREDENTIALS.secretAccessKey)))
  } finally {
    rmSync(dir, { recursive: true })
    await server.stop()
  }
})

test.run()
