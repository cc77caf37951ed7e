// `mintmark cache` on a store to which someone unkind has written: every command ends, tells it, and nothing of it is believed.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Desk } from '../cli/cache/desk.js'
import { collectGarbage } from '../cli/cache/gc.js'
import { listEntries, showEntry } from '../cli/cache/list.js'
import { removeEntries } from '../cli/cache/remove.js'
import { gatherStats } from '../cli/cache/stats.js'
import { verifyStore } from '../cli/cache/verify.js'
import { encode } from '../runtime/codec.js'
import { digest, type Fingerprint, FORMAT } from '../runtime/contract.js'
import { writeEntry } from '../runtime/entry-bytes.js'
import type { Key } from '../runtime/key.js'
import type { Store } from '../runtime/store.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { STATS_FOLDER } from '../runtime/tally.js'
import { idsOf, keep, large } from './support/kept.js'

const silent = () => {}
const ESCAPE = '\u001b]0;gotcha\u0007'

/** Records as no run writes them. */
const RECORDS: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  [null],
  [[]],
  [{ outputs: 3 }],
  [{ outputs: { a: null } }],
  [{ outputs: { a: { digest: '../../etc/passwd', length: -1 } } }],
  { format: FORMAT, flow: '__proto__', counts: { run: 1, hit: 1, resumed: 1, failed: 1, savedMs: 1 }, misses: { ['__proto__']: 1 } },
  { format: FORMAT, flow: ESCAPE, counts: { run: ESCAPE, hit: Number.NaN }, misses: { [ESCAPE]: '1' } },
  { format: FORMAT, counts: 3, artifacts: [[{}]] },
  { format: FORMAT, functions: { ['__proto__']: { hits: 1 }, constructor: null, a: { misses: 'text' } } },
]

async function unkind(): Promise<{ store: Store; honest: string }> {
  const store = memoryStore()
  const honest = await keep(store, 'honest', large('honest'))
  for (const [n, record] of RECORDS.entries())
    for (const place of [`Flow/${n}/run`, `Flow/${n}/tasks/1`, `${STATS_FOLDER}/${n}`]) await store.put('runs', place, encode(record))
  await store.put('runs', 'Flow/garbage/run', Buffer.from('garbage'))
  await store.put('runs', 'Flow/tagged/run', Buffer.from([0x4d, 0x4d, 0x74, 1, 255, 255, 255]))
  for (let n = 0; n < 40; n++) await store.put('entries', digest(`garbage ${n}`), Buffer.alloc(n * 3, `MMe\u0001 ${n}`))
  const head = {
    format: FORMAT,
    codec: 1,
    createdAt: 1e300,
    writer: ESCAPE,
    durationMs: -1e300,
    closure: ESCAPE as string as Fingerprint,
    step: `${ESCAPE}\u202e`,
  }
  const inline = encode({ [ESCAPE]: ESCAPE, at: new Map([[ESCAPE, new Error(ESCAPE)]]) })
  for (const [name, output] of [
    ['id', { digest: '../../../etc/passwd' as never, length: 5 }],
    ['__proto__', { digest: digest(inline), length: inline.length, inline }],
    ['wrong', { digest: digest('other'), length: inline.length, inline }],
    [ESCAPE, { digest: digest('missing'), length: 5 }],
  ] as const) {
    const key = digest(`hostile ${name}`) as string as Key
    await store.put('entries', key, writeEntry({ ...head, key, outputs: Object.fromEntries([[name, output]]) }))
  }
  await store.put('blobs', digest('not this'), Buffer.from('this'))
  return { store, honest }
}

function deskOf(store: Store, json: boolean): { desk: Desk; printed: () => string } {
  let out = ''
  const print = async (text: string) => {
    out += text
  }
  const desk: Desk = { store, folder: undefined, json, print, say: (line) => void print(line), progress: silent, agreed: async () => true }
  return { desk, printed: () => out }
}

test.after.each(() => {
  assert.equal(Object.keys(Object.prototype), [])
  process.exitCode = 0
})

for (const json of [false, true]) {
  test(`ls and show end, and print nothing that a terminal obeys${json ? ', as JSON too' : ''}`, async () => {
    const { store } = await unkind()
    const { desk, printed } = deskOf(store, json)
    await listEntries(desk, {})
    for (const id of await idsOf(store, 'entries')) await showEntry(desk, id, {})
    assert.ok(printed().length > 1000)
    assert.not.match(printed(), /(?!\n)[\p{Cc}\p{Cf}]/u)
  })
}

test('verify tells each of them, and gc keeps what the honest entry needs', async () => {
  const { store, honest } = await unkind()
  const told = new Map<string, number>()
  await verifyStore(store, {
    trust: [],
    zone: '',
    progress: silent,
    onProblem: async ({ kind }) => void told.set(kind, (told.get(kind) ?? 0) + 1),
  })
  assert.equal([told.get('blob'), told.get('missing'), (told.get('record') ?? 0) > 40], [1, 1, true])
  const later = Date.now() + 1e10
  const report = await collectGarbage(store, { graceMs: 0, dryRun: false, now: later, progress: silent })
  assert.equal([report.blobs.kept, report.blobs.removed], [1, 1])
  const shown = deskOf(store, false)
  await showEntry(shown.desk, honest, { limit: 10 })
  assert.match(shown.printed(), /honest/)
})

test('stats counts numbers only, under any name', async () => {
  const { store } = await unkind()
  const { flows, functions } = await gatherStats(store, { since: 0, progress: silent })
  const proto: string = '__proto__'
  assert.equal([Object.keys(flows).includes(proto), flows[proto]?.hits, functions[proto]?.hits], [true, 1, 1])
  assert.equal([flows[ESCAPE]?.executed, flows[ESCAPE]?.hits], [0, 0])
})

test('everything can be removed', async () => {
  const { store } = await unkind()
  await removeEntries(deskOf(store, false).desk, [], { all: true })
  for (const room of ['entries', 'blobs', 'runs'] as const) assert.equal(await idsOf(store, room), [])
})

test.run()
