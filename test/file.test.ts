// Files as inputs and results: content and name count, results come back from every store, and a stored name leads nowhere.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decode, encode } from '../runtime/codec.js'
import { digest, FORMAT } from '../runtime/contract.js'
import { memoize, step } from '../runtime/decorators.js'
import { readValue } from '../runtime/entry.js'
import { MintmarkError } from '../runtime/errors.js'
import { FileRef, fileRef } from '../runtime/file.js'
import { FlowSpec } from '../runtime/flow.js'
import type { Store } from '../runtime/store.js'
import { fsStore } from '../runtime/stores/fs.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { s3Store } from '../runtime/stores/s3.js'
import { forgetWarnings, listenToWarnings } from '../runtime/warnings.js'
import { counted as countedFunction } from './support/counted.js'
import { ran } from './support/flows.js'
import { BUCKET, startS3, useCredentials } from './support/s3.js'
import { stamped } from './support/stamps.js'

useCredentials()
const server = await startS3()
const home = mkdtempSync(join(tmpdir(), 'mintmark-file-'))
const s3 = s3Store({ bucket: BUCKET, prefix: 'files', endpoint: server.endpoint })
let warnings: string[] = []
const stop = listenToWarnings(({ code, message }) => warnings.push(`${code} ${message}`))
test.before.each(() => {
  warnings = []
  forgetWarnings()
})
test.after(async () => {
  stop()
  await s3.close()
  await server.stop()
  rmSync(home, { recursive: true, force: true })
})

let count = 0
function place(name: string, content: string | Uint8Array): string {
  const folder = join(home, String(count++))
  mkdirSync(folder)
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

function counted<F extends (...args: any[]) => unknown>(fn: F, store: Store, code = String(count++)) {
  return countedFunction(fn, { store, code })
}

const codeOf = (what: Promise<unknown>): Promise<unknown> =>
  what.then(
    () => 'fulfilled',
    (error) => (error instanceof MintmarkError ? error.code : error),
  )

test('a file counts by content, name and whether it is executable, and not by its place or times', async () => {
  const { memoized } = counted((file: FileRef) => file.size, memoryStore())
  const key = async (path: string, name?: string) => memoized.key(await fileRef(path, name === undefined ? {} : { name }))
  const path = place('a.txt', 'content')
  const executable = place('a.txt', 'content')
  chmodSync(executable, 0o755)
  assert.is(await key(place('a.txt', 'content')), await key(path))
  assert.is(await key(place('b.txt', 'content'), 'a.txt'), await key(path))
  const keys = [path, place('a.txt', 'Content'), place('b.txt', 'content'), executable]
  assert.is(new Set(await Promise.all(keys.map((one) => key(one)))).size, 4)
})

const STORES: Readonly<Record<string, () => Store>> = {
  memory: () => memoryStore(),
  fs: () => fsStore({ dir: join(home, 'store'), durability: 'none' }),
  s3: () => s3,
}

for (const [name, open] of Object.entries(STORES)) {
  test(`a file that a function returns comes back on a hit: ${name}`, async () => {
    const store = open()
    const made = Buffer.alloc(20_000_000, 'some content ')
    const path = place('tool.sh', made)
    chmodSync(path, 0o755)
    const { memoized, runs } = counted(async () => ({ file: await fileRef(path), empty: await fileRef(place('empty', '')) }), store)
    const first = await memoized()
    rmSync(path)
    const second = await memoized()
    assert.is(runs.length, 1)
    assert.equal({ ...second.file }, { ...first.file })
    assert.is(second.file.digest, digest(made))
    const to = join(home, `restored-${name}`)
    await second.file.save(to)
    assert.ok(readFileSync(to).equals(made))
    assert.is(statSync(to).mode & 0o100, 0o100)
    assert.ok(Buffer.from(await first.file.bytes()).equals(made))
    assert.is((await second.empty.bytes()).length, 0)
    const pieces: number[] = []
    for await (const piece of second.file.stream()) pieces.push(piece.length)
    assert.equal(pieces, [8_388_608, 8_388_608, 3_222_784])
    assert.equal(warnings, [])
  })

  test(`a file whose content is gone from the store is a miss: ${name}`, async () => {
    const store = open()
    let made = 0
    const { memoized, runs } = counted(() => fileRef(place('a', `edition ${made++}`)), store)
    const first = await memoized()
    await store.delete('blobs', first.digest)
    const second = await memoized()
    assert.is(runs.length, 2)
    assert.is(Buffer.from(await second.bytes()).toString(), 'edition 1')
    assert.is((await memoized()).digest, second.digest)
    assert.is(runs.length, 2)
  })
}

test('an old chunk that is found in place is young again, and one that cannot be read is put anew', async () => {
  const dir = join(home, 'chunks')
  const store = fsStore({ dir, durability: 'none' })
  const path = place('a', 'the content')
  const { memoized, runs } = counted(() => fileRef(path), store)
  const file = await memoized()
  const chunk = join(dir, 'v1/blobs', file.digest.slice(0, 2), file.digest)
  const past = new Date(Date.now() - 3 * 3_600_000)
  utimesSync(chunk, past, past)
  await memoized.force()
  assert.ok(Date.now() - statSync(chunk).mtimeMs < 3_600_000)
  writeFileSync(chunk, 'damage')
  const away = `${path}-away`
  renameSync(path, away)
  assert.is(await codeOf((await memoized()).bytes()), 'MM2107')
  renameSync(away, path)
  assert.is(Buffer.from(await (await memoized()).bytes()).toString(), 'the content')
  rmSync(path)
  assert.is(Buffer.from(await (await memoized()).bytes()).toString(), 'the content')
  assert.is(runs.length, 3)
})

test('another process takes the file from the store', async () => {
  const dir = join(home, 'shared')
  const url = (file: string) => JSON.stringify(new URL(`../runtime/${file}`, import.meta.url).href)
  const script = (body: string) => `
    import { fileRef, fsStore } from ${url('index.js')}
    import { memoizeFunction } from ${url('memoize.js')}
    const fn = Object.assign(async () => { ${body} }, { [Symbol.for('mintmark.stamp')]: { kind: 'function', format: ${FORMAT}, id: 'x', fingerprint: '${digest('x')}' } })
    const file = await memoizeFunction(fn, { store: fsStore({ dir: ${JSON.stringify(dir)} }) })()
    await file.save(${JSON.stringify(join(home, 'from-another'))})
    console.log(file.name)`
  const node = (body: string) => spawnSync(process.execPath, ['--input-type=module', '-e', script(body)], { encoding: 'utf8' })
  const path = place('made.txt', 'by the first process')
  assert.is(node(`return fileRef(${JSON.stringify(path)})`).stdout, 'made.txt\n')
  rmSync(path)
  rmSync(join(home, 'from-another'))
  const { stdout, stderr } = node("throw new Error('it ran')")
  assert.is(stderr, '')
  assert.is(stdout, 'made.txt\n')
  assert.is(readFileSync(join(home, 'from-another'), 'utf8'), 'by the first process')
})

test('a file that changed is refused: as an argument that is read, and as a result', async () => {
  const path = place('a', 'before')
  const file = await fileRef(path)
  const store = memoryStore()
  const reading = counted((given: FileRef) => given.bytes(), store)
  writeFileSync(path, 'beyond')
  assert.is(await codeOf(reading.memoized(file)), 'MM2107')
  assert.is(await codeOf(file.save(join(home, 'never'))), 'MM2107')
  assert.not(readdirSync(home).includes('never'))
  const making = counted(async () => {
    const made = await fileRef(path)
    writeFileSync(path, 'later!')
    return made
  }, store)
  await making.memoized()
  assert.is(warnings.length, 1)
  assert.match(warnings[0]!, /^MM2107/)
  await making.memoized()
  assert.is(making.runs.length, 2, 'and nothing was stored')
})

test('what is no file is refused with the way out', async () => {
  const folder = join(home, 'a folder')
  mkdirSync(folder)
  assert.is(await codeOf(fileRef(folder)), 'MM2106')
  const pipe = join(home, 'pipe')
  if (spawnSync('mkfifo', [pipe]).status === 0) assert.is(await codeOf(fileRef(pipe)), 'MM2106')
  assert.is(((await codeOf(fileRef(join(home, 'nothing')))) as NodeJS.ErrnoException).code, 'ENOENT')
})

const HOSTILE = [
  '',
  '.',
  '..',
  '../a',
  'a/b',
  '/etc/passwd',
  'a\\b',
  'C:a',
  'a\0',
  'a\n',
  'nul',
  'COM1.txt',
  'a.',
  'a ',
  'x'.repeat(256),
  '\ud800',
]

test('a name that could lead elsewhere is taken neither from a user nor from a store', async () => {
  const path = place('a', 'content')
  const file = await fileRef(path, { name: 'harmless' })
  const stored = Buffer.from(encode(file))
  assert.equal({ ...(decode(stored) as FileRef) }, { ...file })
  for (const name of HOSTILE) {
    assert.is(await codeOf(fileRef(path, { name })), 'MM2106', JSON.stringify(name))
    const forged = Object.create(FileRef.prototype, { name: { value: name } })
    assert.throws(() => encode(forged))
    if (name.length >= 100 || name === '\ud800') continue
    const bytes = Buffer.concat([Buffer.from([7, 8]), Buffer.from('harmless')])
    const at = stored.indexOf(bytes)
    assert.ok(at > 0)
    const changed = Buffer.concat([
      stored.subarray(0, at),
      Buffer.from([7, name.length]),
      Buffer.from(name),
      stored.subarray(at + bytes.length),
    ])
    assert.throws(
      () => decode(changed),
      (error: MintmarkError) => error.code === 'MM2002',
      JSON.stringify(name),
    )
  }
})

const CHUNK = 8 * 1024 * 1024
const NONE = digest('none')
const FORGED: Readonly<Record<string, object>> = {
  'a size beyond all chunks': { size: Number.MAX_SAFE_INTEGER },
  'a size that is no safe number': { size: 2 ** 60 },
  'a size below nothing': { size: -1 },
  'half a byte': { size: 1.5 },
  'a size that is no number': { size: Number.NaN },
  'a size that is a text': { size: '7' },
  'a chunk too few': { size: CHUNK + 1 },
  'a chunk too many': { chunks: [NONE, NONE] },
  'chunks of an empty file': { size: 0 },
  'no chunks': { chunks: [] },
  'a chunk that is no digest': { chunks: ['../../etc/passwd'] },
  'a chunk in capitals': { chunks: [NONE.toUpperCase()] },
  'a chunk that is a list': { chunks: [[NONE]] },
  'a digest that is none': { digest: 'x' },
  'a mark that is no mark': { executable: 1 },
}

for (const [what, part] of Object.entries(FORGED))
  test(`a stored file is refused before anything is made of it: ${what}`, () => {
    const content = { size: 7, executable: false, digest: NONE, chunks: [NONE], ...part }
    const bytes = encode(new FileRef('a', content as never))
    assert.throws(
      () => decode(bytes),
      (error: MintmarkError) => error.code === 'MM2002',
    )
  })

test('a stored file whose chunks are not as long as it says is not read', async () => {
  const store = memoryStore()
  const read = async (piece: string) => {
    const chunk = digest(piece)
    await store.put('blobs', chunk, Buffer.from(piece))
    const inline = encode(new FileRef('a', { size: 7, executable: false, digest: digest(`file of ${piece}`), chunks: [chunk] }))
    const found = await readValue(store, { digest: digest(inline), length: inline.length, inline })
    assert.is(found.kind, 'value')
    return Buffer.from(await ((found as { value: unknown }).value as FileRef).bytes()).toString()
  }
  assert.is(await read('as long'), 'as long')
  for (const piece of ['short', 'too long']) assert.is(await codeOf(read(piece)), 'MM2107')
})

test('saving replaces a link and not what it leads to, refuses a folder, and leaves nothing behind', async () => {
  const file = await fileRef(place('a', 'new'))
  const folder = join(home, 'saving')
  mkdirSync(join(folder, 'sub'), { recursive: true })
  writeFileSync(join(folder, 'precious'), 'old')
  symlinkSync(join(folder, 'precious'), join(folder, 'link'))
  await file.save(join(folder, 'link'))
  assert.is(readFileSync(join(folder, 'precious'), 'utf8'), 'old')
  assert.ok(lstatSync(join(folder, 'link')).isFile())
  assert.is(await codeOf(file.save(join(folder, 'sub'))), 'MM2106')
  assert.is(((await codeOf(file.save(join(folder, 'none', 'a')))) as NodeJS.ErrnoException).code, 'ENOENT')
  assert.equal(readdirSync(folder).sort(), ['link', 'precious', 'sub'])
})

test('files are artifacts: handed on from step to step, on a run as on a hit, from a store of their own too', async () => {
  let made = 0
  class Reporting extends FlowSpec {
    source: FileRef | undefined
    report: FileRef | undefined
    text = ''
    @step async start() {
      this.source = await fileRef(place('source', 'numbers'))
      this.next(this.work)
    }
    @step @memoize({ store: other }) async work() {
      made++
      const text = Buffer.from(await this.source!.bytes()).toString()
      this.report = await fileRef(place('report', `report of ${text}`))
      this.next(this.end)
    }
    @step async end() {
      this.text = Buffer.from(await this.report!.bytes()).toString()
    }
  }
  stamped(Reporting, {
    start: { writes: ['source'] },
    work: { reads: ['source'], writes: ['report'] },
    end: { reads: ['report'], writes: ['text'] },
  })
  for (const store of [memoryStore(), memoryStore()]) {
    const { artifacts } = await ran(Reporting, { store })
    assert.is(artifacts.text, 'report of numbers')
    assert.is((artifacts.report as FileRef).name, 'report')
  }
  assert.is(made, 1)
  assert.equal(warnings, [])
})
const other = memoryStore()

test.run()
