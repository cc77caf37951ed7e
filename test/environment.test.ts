// `env`: a variable counts by value and is nowhere to be read.

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { digest, type Fingerprint, FORMAT, STAMP } from '../runtime/contract.js'
import { memoize, step } from '../runtime/decorators.js'
import { environmentDigest } from '../runtime/environment.js'
import { FlowSpec } from '../runtime/flow.js'
import { runFlow } from '../runtime/main.js'
import { memoizeFunction } from '../runtime/memoize.js'
import { ROOMS } from '../runtime/store.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { stamped } from './support/stamps.js'

const CANARY = 'canary-7f3a'

const DIFFERENT: readonly (readonly [name: string, a: Record<string, string>, b: Record<string, string>])[] = [
  ['another value', { A: '1' }, { A: '2' }],
  ['not set and empty', {}, { A: '' }],
  ['a value that moves to another name', { A: 'x', B: 'y' }, { A: 'y', B: 'x' }],
]
for (const [name, a, b] of DIFFERENT)
  test(`${name} is told apart`, () => assert.is.not(environmentDigest(['A', 'B'], a), environmentDigest(['A', 'B'], b)))

test('order, repetition and what is not declared do not count', () => {
  assert.is(environmentDigest(['A', 'B'], { A: '1', B: '2' }), environmentDigest(['B', 'A', 'B'], { A: '1', B: '2', C: '3' }))
  assert.is(environmentDigest([], { A: '1' }), undefined)
})

test('a function with env runs again when the variable changes, and the store never sees the value', async () => {
  const store = memoryStore()
  const runs: number[] = []
  const stamp = { kind: 'function', format: FORMAT, id: 'x', fingerprint: digest('x') as string as Fingerprint }
  const f = memoizeFunction(
    Object.assign(async (n: number) => runs.push(n), { [STAMP]: stamp }),
    { store, env: ['MINTMARK_TEST_KEY'] },
  )
  process.env.MINTMARK_TEST_KEY = CANARY
  await f(1)
  await f(1)
  assert.equal(runs, [1])
  process.env.MINTMARK_TEST_KEY = 'other'
  await f(1)
  assert.equal(runs, [1, 1])
  for (const room of ROOMS) {
    for await (const { id } of store.list(room)) {
      assert.not.match(id, CANARY)
      assert.is(Buffer.from((await store.get(room, id))!).includes(CANARY), false)
    }
  }
})

test('a step with env executes again when the variable changes', async () => {
  const executed: string[] = []
  class Flow extends FlowSpec {
    out = 0
    @step start() {
      this.next(this.work)
    }
    @step @memoize({ env: ['MINTMARK_TEST_KEY'] }) work() {
      executed.push('work')
      this.out = 1
      this.next(this.end)
    }
    @step end() {}
  }
  stamped(Flow, { start: { reads: [] }, work: { reads: [] }, end: { reads: [] } })
  const store = memoryStore()
  for (const value of ['a', 'a', 'b', 'a']) {
    process.env.MINTMARK_TEST_KEY = value
    await runFlow(Flow, { store })
  }
  assert.equal(executed, ['work', 'work'])
})

test.run()
