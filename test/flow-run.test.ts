import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec, type Inputs } from '../runtime/flow.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { stamped } from './support/stamps.js'

function mission() {
  class Mission extends FlowSpec {
    list: number[] = []
    output!: number
    total = 0
    declare input: number

    @step start() {
      this.list = [4, 1, 2, 3, 9, 15]
      this.next(this.cachedStep, { foreach: 'list' })
    }
    @step @memoize({ outputs: ['output'] }) async cachedStep() {
      this.output = this.input * 100
      this.next(this.join)
    }
    @step join(inputs: Inputs<Mission>) {
      this.total = inputs.reduce((sum, { output }) => sum + output, 0)
      this.next(this.end)
    }
    @step end() {}
  }
  return stamped(Mission, {
    start: {},
    cachedStep: { reads: ['input'], writes: ['output'], next: { targets: ['join'] } },
    join: { joins: true },
    end: {},
  })
}

test('a foreach runs each item and its join sees them in order', async () => {
  const { log, artifacts } = await ran(mission(), { store: memoryStore() })
  assert.equal(log, ['start', ...[0, 1, 2, 3, 4, 5].map((i) => `cachedStep[${i}]`), 'join', 'end'])
  assert.is(artifacts.total, 3400)
})

test('a second run executes no memoized step', async () => {
  const store = memoryStore()
  await ran(mission(), { store })
  const { log, artifacts } = await ran(mission(), { store })
  assert.equal(log, ['start', ...[0, 1, 2, 3, 4, 5].map((i) => `cachedStep[${i}] hit`), 'join', 'end'])
  assert.is(artifacts.total, 3400)
})

void told
test.run()
