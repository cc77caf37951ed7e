// What a run needs, deleted under it: it is made again by the task that made it, and the run ends as if nothing had been.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../runtime/codec.js'
import { digest } from '../runtime/contract.js'
import { retry, step } from '../runtime/decorators.js'
import { type FileRef, fileRef } from '../runtime/file.js'
import { FlowSpec } from '../runtime/flow.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { told } from './support/flows.js'
import { stamped } from './support/stamps.js'

const dir = mkdtempSync(join(tmpdir(), 'mintmark-lost-'))
let warnings: string[] = []
const quiet = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
test.before.each(() => {
  warnings = []
  forgetWarnings()
})
test.after(() => {
  quiet()
  rmSync(dir, { recursive: true, force: true })
})

/** More than the memory that a run keeps blobs in, one after the other. */
const SIZE = 140_000_000
const COUNT = 2
const filled = (n: number) => new Uint8Array(SIZE).fill(n)
const made = new Uint8Array(100_000).fill(7)

/** start -> make -> fill (calls `harm`, and pushes what `make` made out of memory) -> use -> end; `executed` notes the steps. */
function flow(harm: () => unknown) {
  const executed: string[] = []
  class Losing extends FlowSpec {
    made = new Uint8Array(0)
    more: Uint8Array[] = []
    sum = 0
    @step start() {
      executed.push('start')
      this.next(this.make)
    }
    @step make() {
      executed.push('make')
      this.made = made
      this.next(this.fill)
    }
    @step async fill() {
      executed.push('fill')
      await harm()
      for (let n = 0; n < COUNT; n++) (this as unknown as Record<string, Uint8Array>)[`more${n}`] = filled(n + 2)
      this.next(this.use)
    }
    @retry({ times: 5 }) @step use() {
      executed.push('use')
      this.sum = this.made[7]!
      this.next(this.end)
    }
    @step end() {}
  }
  const Flow = stamped(Losing, {
    start: { reads: [] },
    make: { reads: [], writes: ['made'] },
    fill: { reads: [] },
    use: { reads: ['made'], writes: ['sum'] },
    end: { reads: [] },
  })
  return { Flow, executed }
}
const BLOB = digest(encode(made))

test('an artifact that is deleted is made again by its step, whatever else was done is taken over, and it is told once', async () => {
  const store = memoryStore()
  let harmed = false
  const { Flow, executed } = flow(async () => {
    if (!harmed) await store.delete('blobs', BLOB)
    harmed = true
  })
  const { error, events } = await told(Flow, { store, maxWorkers: 1 })
  assert.is(error, undefined)
  assert.equal(executed, ['start', 'make', 'fill', 'use', 'make', 'use'])
  assert.equal([warnings.length, warnings[0]?.slice(0, 6)], [1, 'MM4027'])
  const end = events.find((event) => event.kind === 'run:end')
  assert.ok(end?.kind === 'run:end' && end.status === 'done')
  assert.is(events.filter((event) => event.kind === 'task:failed' || event.kind === 'task:retry').length, 0)
})

test('the whole store may be deleted: all is made again, and the run ends', async () => {
  const home = join(dir, 'whole')
  const store = fsStore({ dir: home, durability: 'none', compression: 'none' })
  let harmed = false
  const { Flow, executed } = flow(() => {
    if (!harmed) rmSync(home, { recursive: true })
    harmed = true
  })
  assert.is((await told(Flow, { store, maxWorkers: 1 })).error, undefined)
  assert.is(executed.filter((each) => each === 'make').length, 2)
  assert.is(executed.at(-1), 'use')
})

test('what is deleted time and again ends the run, strict at once; resumed when it is left alone, the run goes on', async () => {
  for (const strict of [false, true]) {
    const store = memoryStore()
    let harms = true
    const trampled: Store = {
      ...store,
      async put(room, id, bytes, options) {
        const stored = await store.put(room, id, bytes, options)
        if (harms && id === BLOB) await store.delete('blobs', BLOB)
        return stored
      },
    }
    const { Flow, executed } = flow(() => {})
    const { error } = await told(Flow, { store: trampled, maxWorkers: 1, strict })
    assert.match(String(error), /MM4027/)
    assert.is(executed.filter((each) => each === 'make').length, strict ? 1 : 3)
    harms = false
    executed.length = 0
    const { result } = await told(Flow, { store: trampled, maxWorkers: 1, resume: true })
    assert.equal([executed.slice(-2), result?.artifacts.sum], [['make', 'use'], 7])
  }
})

test('a file whose content is deleted or damaged is made again, in the run that reads it as in one that is resumed', async () => {
  let harm: 'delete' | 'damage' | 'none' = 'none'
  const store = memoryStore()
  const executed: string[] = []
  const content = digest('the report')
  class Filing extends FlowSpec {
    report: FileRef | undefined
    text = ''
    @step start() {
      this.next(this.write)
    }
    @step async write() {
      executed.push('write')
      const path = join(dir, 'report')
      writeFileSync(path, 'the report')
      this.report = await fileRef(path)
      this.next(this.read)
    }
    @step async read() {
      executed.push('read')
      rmSync(join(dir, 'report'), { force: true })
      if (harm !== 'none') await store.delete('blobs', content)
      if (harm === 'damage') await store.put('blobs', content, Buffer.from('damage'))
      harm = 'none'
      this.text = Buffer.from(await this.report!.bytes()).toString()
      this.next(this.end)
    }
    @step end() {}
  }
  stamped(Filing, {
    start: { reads: [] },
    write: { reads: [], writes: ['report'] },
    read: { reads: ['report'], writes: ['text'] },
    end: { reads: [] },
  })
  for (const [how, strict] of [
    ['delete', false],
    ['damage', false],
    ['delete', true],
  ] as const) {
    harm = how
    executed.length = 0
    let { result, error } = await told(Filing, { store, strict })
    if (strict) {
      assert.match(String(error), /MM2107/)
      ;({ result, error } = await told(Filing, { store, resume: true }))
    }
    assert.is(error, undefined, `${how} ${strict} ${error} ${executed} ${warnings}`)
    assert.equal([executed, result?.artifacts.text], [['write', 'read', 'write', 'read'], 'the report'])
  }
})

test.run()
