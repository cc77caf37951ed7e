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
const SIZE = 150 * MB
/** What Node takes by itself, and pieces under way: eight parts of 8 MiB, each at most twice. */
const ROOM = 140 * MB

useCredentials()
const server = await startS3()
const dir = mkdtempSync(join(tmpdir(), 'mintmark-large-'))
test.after(async () => {
  rmSync(dir, { recursive: true, force: true })
  await server.stop()
})

async function growth(what: string, endpoint?: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [LARGE_VALUE, what, dir, String(SIZE), ...(endpoint ? [endpoint] : [])])
  return Number(stdout)
}

for (const [name, endpoint] of !existsSync('/proc/self/status')
  ? []
  : ([
      ['a folder', undefined],
      ['a bucket', server.endpoint],
    ] as const)) {
  test(`${name}: a large value is held once more on its way in, as its bytes, and as its bytes and itself on its way out`, async () => {
    const put = await growth('put', endpoint)
    assert.ok(put > SIZE * 0.9 && put < SIZE + ROOM, `a put grew by ${put}`)
    const get = await growth('get', endpoint)
    assert.ok(get < 2 * SIZE + ROOM, `a get grew by ${get}`)
  })

  test(`${name}: a large file is never whole in memory`, async () => {
    const file = openSync(join(dir, 'file'), 'w')
    for (let n = 0; n < SIZE / MB; n++) writeSync(file, Buffer.alloc(MB, `piece ${n} `))
    closeSync(file)
    for (const what of ['put-file', 'get-file']) {
      const grown = await growth(what, endpoint)
      assert.ok(grown < ROOM, `${what} grew by ${grown}`)
    }
    assert.ok(readFileSync(join(dir, 'file')).equals(readFileSync(join(dir, 'restored'))))
  })
}

test.run()
