// The store in a folder under many processes at once, and under processes that are killed while they write.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fsStore } from '../../runtime/stores/fs.js'
import { floodEntry, WRITER } from '../support/fs-writer.js'
import { all, digestId, same } from '../support/store-conformance.js'

const top = mkdtempSync(join(tmpdir(), 'mintmark-processes-'))
test.after(() => rmSync(top, { recursive: true, force: true }))

test('of 16 processes that put the same ids at once, one wins each, and its bytes are there', async () => {
  const dir = join(top, 'race')
  const ids = Array.from({ length: 100 }, (_, n) => digestId(`race ${n}`))
  const writers = Array.from({ length: 16 }, (_, n) => {
    const child = spawn(process.execPath, [WRITER, 'race', dir, String(ids.length), `writer ${n}`], { stdio: ['pipe', 'pipe', 'inherit'] })
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
  })
  for (const { lines } of writers) assert.is((await lines.next()).value, 'ready')
  for (const { child } of writers) child.stdin.end('go\n')
  const told: boolean[][] = await Promise.all(writers.map(async ({ lines }) => JSON.parse((await lines.next()).value)))
  const store = fsStore({ dir })
  for (const [n, id] of ids.entries()) {
    const winners = told.flatMap((answers, writer) => (answers[n] ? [writer] : []))
    assert.is(winners.length, 1, `winners of ${n}: ${winners}`)
    same(await store.get('entries', id), Buffer.from(`writer ${winners[0]}`))
  }
  assert.equal(
    (await all(store.list('entries'))).map(({ id }) => id),
    ids.sort(),
  )
})

test('killed at any moment, a writer leaves each entry whole or missing, and keeps what it was told is stored', async () => {
  const dir = join(top, 'kill')
  const store = fsStore({ dir })
  let stored = 0
  for (let kill = 0; kill < 20; kill++) {
    const seed = `kill ${kill}`
    const child = spawn(process.execPath, [WRITER, 'flood', dir, seed], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    await once(child.stdout, 'data')
    await new Promise((done) => setTimeout(done, Math.random() * 30))
    child.kill('SIGKILL')
    await once(child, 'close')
    // Numbers are written whole, or the last one is without its line end and does not count.
    const told = output.split('\n').slice(0, -1).length
    stored += told
    for (let n = 0; n <= told + 1; n++) {
      const { id, bytes } = floodEntry(seed, n)
      const got = await store.get('entries', id)
      if (got !== undefined || n < told) same(got, bytes)
      if (n >= told) {
        await store.put('entries', id, bytes)
        same(await store.get('entries', id), bytes)
      }
    }
  }
  assert.is((await all(store.list('entries'))).length, stored + 40)
})

test.run()
