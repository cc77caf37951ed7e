// Trust, as runs and commands see it: what an untrusted writer left in the store is executed again, and keys stay secret.

import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec } from '../runtime/flow.js'
import { ROOMS, type Store } from '../runtime/store.js'
import { publicWord } from '../runtime/stores/keys.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { signedStore } from '../runtime/stores/signed.js'
import { ran, told } from './support/flows.js'
import { stamped } from './support/stamps.js'

const [main, pull] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey]
const MAIN = publicWord(main)
const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const FLOW = fileURLToPath(new URL('./support/counted-flow.js', import.meta.url))

/** start -> work (memoized) -> last -> end; `say` is what the code of whoever runs it makes of it. */
function flow(say: string, fails: boolean) {
  class Trusting extends FlowSpec {
    said = ''
    big: string[] = []
    @step start() {
      this.next(this.work)
    }
    @memoize @step async work() {
      this.said = say
      this.big = [say.repeat(40_000)]
      this.next(this.last)
    }
    @step last() {
      if (fails) throw new Error('as asked')
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Trusting, { start: {}, work: { reads: [], writes: ['big', 'said'] }, last: {}, end: {} })
}

const ALL = ['start', 'work', 'last', 'end']
const [good, evil] = ['good', 'evil']

async function everything(from: Store, to: Store): Promise<void> {
  for (const room of ROOMS)
    for await (const { id } of from.list(room)) await to.put(room, id, (await from.get(room, id))!, { replace: true })
}

for (const [title, sign] of [
  ['unsigned', undefined],
  ['signed by another', pull],
] as const) {
  test(`entries that are ${title} are not taken, and the trusted result replaces them`, async () => {
    const inner = memoryStore()
    await ran(flow(evil, false), { store: sign === undefined ? inner : signedStore(inner, { sign }) })
    const store = signedStore(inner, { sign: main })
    const first = await ran(flow(good, false), { store })
    assert.equal([first.log, first.artifacts.said], [ALL, good])
    const again = await ran(flow('not run', false), { store })
    assert.equal([again.log[1], again.artifacts.said, again.artifacts.big], ['work hit', good, [good.repeat(40_000)]])
  })

  test(`a run whose records are ${title} cannot be resumed`, async () => {
    const inner = memoryStore()
    await told(flow(evil, true), { store: sign === undefined ? inner : signedStore(inner, { sign }) })
    const { error } = await told(flow(good, false), { store: signedStore(inner, { sign: main }), resume: true })
    assert.match(String(error), /MM5015/)
  })

  test(`tasks that are ${title} are executed again by a resumed run`, async () => {
    const inner = memoryStore()
    const store = signedStore(inner, { sign: main })
    const { events } = await told(flow(good, true), { store })
    const run = events.find((event) => event.kind === 'run:start')!.run
    // The very tasks, as an attacker would have them, in the place of those of the trusted run.
    const theirs = memoryStore()
    await told(flow(evil, true), { store: sign === undefined ? theirs : signedStore(theirs, { sign }) })
    for await (const { id } of theirs.list('entries')) await inner.put('entries', id, (await theirs.get('entries', id))!, { replace: true })
    for await (const { id } of theirs.list('runs'))
      if (id.includes('/tasks/'))
        await inner.put('runs', `Trusting/${run}/tasks/${id.split('/').at(-1)}`, (await theirs.get('runs', id))!, { replace: true })
    const { log, artifacts } = await ran(flow(good, false), { store, resume: run })
    assert.equal([log, artifacts.said], [ALL, good])
  })
}

test('blobs that were planted or deleted cost an execution, and no more', async () => {
  const inner = memoryStore()
  const store = signedStore(inner, { sign: main })
  await ran(flow(good, false), { store })
  for (const harm of [
    (id: string) => inner.put('blobs', id, Buffer.from('planted'), { replace: true }),
    (id: string) => inner.delete('blobs', id),
  ]) {
    for await (const { id } of inner.list('blobs')) await harm(id)
    const { log, artifacts } = await ran(flow(good, false), { store })
    assert.equal([log, artifacts.big], [ALL, [good.repeat(40_000)]])
    assert.is((await ran(flow(good, false), { store })).log[1], 'work hit')
  }
})

test('a whole store that an attacker copied together is empty for a trusted reader', async () => {
  const [theirs, inner] = [memoryStore(), memoryStore()]
  await told(flow(evil, true), { store: signedStore(theirs, { sign: pull }) })
  await everything(theirs, inner)
  assert.equal((await ran(flow(good, false), { store: signedStore(inner, { sign: main, trust: [MAIN] }) })).log, ALL)
})

function node(dir: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { MINTMARK_MODE: _m, MINTMARK_STORE: _s, MINTMARK_TRUST: _t, MINTMARK_SIGNING_KEY: _k, ...outer } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: dir,
    encoding: 'utf8',
    env: { ...outer, NO_COLOR: '1', ...env },
  })
  return { status, stdout, stderr }
}

test('mintmark keys, MINTMARK_SIGNING_KEY and MINTMARK_TRUST: results of a trusted key are taken, and no secret is told or stored', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mintmark-trust-'))
  try {
    const made = node(dir, [COMMAND, 'keys', 'new', 'main.pem'])
    const word = made.stdout.trim()
    assert.equal([made.status, /^ed25519:[\w-]{43}$/.test(word), statSync(join(dir, 'main.pem')).mode & 0o777], [0, true, 0o600])
    assert.is(node(dir, [COMMAND, 'keys', 'show', 'main.pem']).stdout.trim(), word)
    assert.equal(JSON.parse(node(dir, [COMMAND, 'keys', 'show', '--json'], { MINTMARK_SIGNING_KEY: 'main.pem' }).stdout), { public: word })
    for (const [args, message] of [
      [['keys', 'new', 'main.pem'], /MM5041.*EEXIST/],
      [['keys', 'show', 'none.pem'], /MM5041/],
      [['keys', 'show'], /MM5040/],
      [['keys', 'shwo'], /unknown command/],
    ] as const) {
      const { status, stderr, stdout } = node(dir, [COMMAND, ...args])
      assert.match(stderr, message)
      assert.equal([status, stdout], [2, ''])
    }

    const other = node(dir, [COMMAND, 'keys', 'new', 'other.pem']).stdout.trim()
    const pem = readFileSync(join(dir, 'main.pem'), 'utf8')
    const run = (env: NodeJS.ProcessEnv) => {
      const log = join(dir, 'executed')
      rmSync(log, { force: true })
      const { status, stderr } = node(dir, [FLOW, 'run', '--max-workers', '1'], { COUNTED_LOG: log, ...env })
      assert.is(status, 0, stderr)
      const executed = existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line.startsWith('work')).length
        : 0
      return { executed, stderr }
    }
    const mine = { MINTMARK_SIGNING_KEY: pem, MINTMARK_TRUST: word }
    assert.equal([run(mine).executed, run(mine).executed], [3, 0])
    assert.is(run({ MINTMARK_TRUST: `${other}, ${word}` }).executed, 0)
    const stranger = run({ MINTMARK_TRUST: other })
    assert.is(stranger.executed, 3)
    assert.match(stranger.stderr, /MM3040/)
    assert.match(stranger.stderr, /MM3041/)
    assert.is(run(mine).executed, 0)
    const secret = pem.split('\n')[1]!
    assert.not.ok(stranger.stderr.includes(secret))
    for (const file of readdirSync(join(dir, '.mintmark'), { recursive: true, encoding: 'utf8' })) {
      const path = join(dir, '.mintmark', file)
      if (statSync(path).isFile()) assert.not.ok(readFileSync(path).includes(secret), file)
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
