// What a hit in memory costs: a memoized function over the memory store, against what no such hit can do without: two digests (the arguments, the key), a
// look into a Map, and a copy of the value, here by JSON. Microseconds a call, the two in turn.

import { digest, FORMAT, STAMP } from '../runtime/contract.js'
import { memoizeFunction } from '../runtime/memoize.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { median, ratio, report } from './support/figures.js'

const ROUNDS = 15
const CALLS = 20_000

const CASES: readonly (readonly [what: string, args: readonly unknown[], result: unknown])[] = [
  ['a number to a number', [42], 1764],
  ['two strings to a small record', ['lorem', 'ipsum'], { id: 1, name: 'lorem', score: 1.5 }],
  ['a record to 1 kB', [{ id: 7, tags: ['a', 'b'] }], { text: 'x'.repeat(1000) }],
]

async function perCall(act: () => unknown): Promise<number> {
  const began = performance.now()
  for (let call = 0; call < CALLS; call++) await act()
  return ((performance.now() - began) * 1000) / CALLS
}

export async function run(): Promise<void> {
  for (const [what, args, result] of CASES) {
    const fn = Object.assign((..._args: readonly unknown[]) => result, {
      [STAMP]: { kind: 'function', format: FORMAT, id: 'bench#fn', fingerprint: digest(what) },
    })
    const hit = memoizeFunction(fn, { store: memoryStore() })
    await hit(...args)
    const kept = new Map([[digest(`key ${digest(JSON.stringify(args))}`), JSON.stringify(result)]])
    const floor = async () => JSON.parse(kept.get(digest(`key ${digest(JSON.stringify(args))}`))!)
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await perCall(() => hit(...args)))
      theirs.push(await perCall(floor))
    }
    report(`hit in memory, ${what}, us`, median(ours), 'two digests, Map and JSON', median(theirs), ratio(ours, theirs))
  }
}
