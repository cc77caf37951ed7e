import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { memoize, step } from '../runtime/decorators.js'
import { FlowSpec } from '../runtime/flow.js'
import { describe } from '../runtime/graph.js'
import { pastRuns } from '../runtime/main.js'
import { parameter } from '../runtime/parameters.js'
import { memoryStore } from '../runtime/stores/memory.js'
import { ran, told } from './support/flows.js'
import { stamped } from './support/stamps.js'

class Base extends FlowSpec {
  @parameter({ help: 'how many' }) size = 3
}

class Sized extends Base {
  @parameter({ required: true }) name!: string
  @parameter() rows: number[] = []
  @parameter({ type: 'boolean' }) loud?: boolean
  other = 'no parameter'
  seen: unknown
  @step @memoize start() {
    this.seen = [this.size, this.name, this.rows]
    this.next(this.end)
  }
  @step end() {}
}
stamped(Sized, { start: { reads: ['name', 'rows', 'size'] }, end: {} })

test('the parameters of a flow, inherited ones included, with their types from their initial values', () => {
  const told = [...describe(Sized).parameters.values()].map(({ name, type, required }) => `${name} ${type}${required ? ' required' : ''}`)
  assert.equal(told, ['size number', 'name string required', 'rows json', 'loud boolean required'])
})

test('parameters are artifacts: they reach the steps and their keys', async () => {
  const store = memoryStore()
  const parameters = { name: 'x', size: 5, loud: true }
  assert.equal((await ran(Sized, { store, parameters })).artifacts.seen, [5, 'x', []])
  assert.is((await ran(Sized, { store, parameters })).log[0], 'start hit')
  assert.is((await ran(Sized, { store, parameters: { ...parameters, loud: false } })).log[0], 'start hit')
  assert.is((await ran(Sized, { store, parameters: { ...parameters, rows: [1] } })).log[0], 'start')
})

const refused: readonly [title: string, parameters: object, message: RegExp][] = [
  ['unknown', { name: 'x', loud: true, other: 'y' }, /MM5010 there is no parameter `other`. The flow has `size`, `name`, `rows`, `loud`/],
  ['of another type', { name: 5, loud: true }, /MM5011 parameter `name` needs a string and got `5`/],
  ['missing', { loud: true }, /MM5012 parameter `name` has no value/],
  ['without bytes', { name: 'x', loud: true, rows: [() => 1] }, /MM5011 parameter `rows` cannot be passed on/],
]

for (const [title, parameters, message] of refused) {
  test(`a parameter that is ${title} is refused`, async () => {
    const { error, log } = await told(Sized, { store: memoryStore(), parameters })
    assert.match(String(error), message)
    assert.equal(log, [])
  })
}

test('legacy decorators make the same parameters', () => {
  class Legacy extends FlowSpec {
    size = 1
  }
  ;(parameter({ help: 'x' }) as any)(Legacy.prototype, 'size')
  for (const name of ['start', 'end']) {
    const descriptor = { value() {}, configurable: true }
    step(Legacy.prototype, name, descriptor)
    Object.defineProperty(Legacy.prototype, name, descriptor)
  }
  const { parameters } = describe(Legacy)
  assert.equal([...parameters.values()], [{ name: 'size', type: 'number', help: 'x', required: false, default: 1 }])
})

test('past runs can be read, newest first, with their tasks and artifacts', async () => {
  const store = memoryStore()
  for (const name of ['a', 'b']) await ran(Sized, { store, parameters: { name, loud: true } })
  const runs = []
  for await (const run of pastRuns(Sized, { store })) runs.push(run)
  assert.equal(
    runs.map(({ flow, status, parameters }) => [flow, status, parameters.name]),
    [
      ['Sized', 'done', 'b'],
      ['Sized', 'done', 'a'],
    ],
  )
  assert.equal((await runs[0]?.artifacts())?.seen, [3, 'b', []])
  assert.equal(
    (await runs[0]?.tasks())?.map(({ id, kind }) => `${id} ${kind}`),
    ['start run', 'end run'],
  )
})

test.run()
