// How much memory a large value or file takes on its way into a store and out of it, beside itself: in processes of their own, by their peaks.

import { execFile } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LARGE_VALUE } from '../support/large-value.js'
import { startS3, useCredentials } from '../support/s3.js'

const MB = 1_000_000
const SIZE = 100 * MB
/** What Node takes by itself, and pieces under way: eight parts of 5 MiB, each at most twice. Less than another copy of the value would take. */
const ROOM = 90 * MB

/** Less than what is deflated to 56 % takes. Parts are of 1 MiB there. */
const DENSE_ROOM = 35 * MB

useCredentials()
const server = await startS3()
const dir = mkdtempSync(join(tmpdir(), 'mintmark-large-'))
test.after(async () => {
  rmSync(dir, { recursive: true, force: true })
  await server.stop()
})

async function growth(what: string, place: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [LARGE_VALUE, what, dir, String(SIZE), place])
  return Number(stdout)
}

const { endpoint } = server
const CALLS = ['put-call', 'get-call']
const TEXT_CALLS = ['text-put-call', 'text-get-call']
// Of what is put by itself nothing is copied; for the rest, calls put and get as all do.
const PLACES = [
  ['a folder', join(dir, 'store'), ['put', ...CALLS, ...TEXT_CALLS]],
  ['a bucket', endpoint, [...CALLS, ...TEXT_CALLS]],
  ['a folder in front of a bucket', `through:${join(dir, 'front')} ${endpoint}`, CALLS],
  ['a folder in front of a bucket that is written behind', `behind:${join(dir, 'ahead')} ${endpoint}`, CALLS],
] as const
/** Times the value, beside what is there before: a call makes the value, and its caller is given a copy. */
const MOST: Readonly<Record<string, number>> = { put: 0, 'put-call': 2, 'get-call': 1 }

for (const [name, place, all] of existsSync('/proc/self/status') ? PLACES : [])
  test(`${name}: a large value is in memory once, and a second time where a caller owns a copy of it`, async () => {
    for (const what of all) {
      const grown = await growth(what, place)
      assert.ok(grown < MOST[what.replace('text-', '')]! * SIZE + ROOM, `${what} grew by ${grown}`)
    }
  })

for (const [name, place] of existsSync('/proc/self/status') ? PLACES.slice(0, 1) : [])
  test(`${name}: what is signed is put in pieces, and to verify large values holds none of them`, async () => {
    for (const what of ['put', 'text-put']) {
      const grown = await growth(what, `signed:${place}-signed`)
      assert.ok(grown < ROOM, `${what} grew by ${grown}`)
      const verified = await growth('verify', `${place}-signed`)
      assert.ok(verified < ROOM, `verify grew by ${verified}`)
    }
  })

for (const [name, place] of existsSync('/proc/self/status') ? PLACES.slice(1, 2) : [])
  test(`${name}: deflated bytes go up and come down while they are made and used, and are nowhere as a whole`, async () => {
    const [put, got] = [await growth('dense-put', place), await growth('dense-get', place)]
    assert.ok(put < DENSE_ROOM, `it grew by ${put}`)
    assert.ok(got < SIZE + 2 * DENSE_ROOM, `it grew by ${got}`)
  })

for (const [name, place] of existsSync('/proc/self/status') ? PLACES.slice(0, 2) : [])
  test(`${name}: a large file is never whole in memory`, async () => {
    const file = openSync(join(dir, 'file'), 'w')
    for (let n = 0; n < SIZE / MB; n++) writeSync(file, Buffer.alloc(MB, `piece ${n} `))
    closeSync(file)
    for (const what of ['put-file', 'get-file']) {
      const grown = await growth(what, place)
      assert.ok(grown < ROOM, `${what} grew by ${grown}`)
    }
    assert.ok(readFileSync(join(dir, 'file')).equals(readFileSync(join(dir, 'restored'))))
  })

test.run()
